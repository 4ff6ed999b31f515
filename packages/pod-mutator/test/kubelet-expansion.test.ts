import { describe, expect, it } from 'vitest';

import { environmentOf, expand } from './kubelet-expansion.ts';

// The cases are those that Kubernetes' documents name.
describe('the expansion of the kubelet', () => {
  const variables = new Map([
    ['A', 'one'],
    ['EMPTY', ''],
  ]);

  it.each([
    ['$(A)', 'one'],
    ['x$(A)y$(A)', 'xoneyone'],
    ['$(EMPTY)', ''],
    ['$(UNSET)', '$(UNSET)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$one'],
    ['$$$$(A)', '$$(A)'],
    ['$A', '$A'],
    ['$(A', '$(A'],
    ['$', '$'],
    ['a$', 'a$'],
    ['$()', '$()'],
    ['$(A$(A))', '$(A$(A))'],
  ])('%j is %j', (text, expanded) => {
    expect(expand(text, variables)).toBe(expanded);
  });

  it('a variable sees those before it', () => {
    const env = [
      { name: 'B', value: '$(A)' },
      { name: 'A', value: '1' },
      { name: 'C', value: '$(A)' },
    ];
    expect(Object.fromEntries(environmentOf(env))).toEqual({ B: '$(A)', A: '1', C: '1' });
  });
});
