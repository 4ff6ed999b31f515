import { describe, expect, it } from 'vitest';

import { containerEnvironment } from './container-environment.ts';
import { expandReferences } from './kubernetes-expansion.ts';

describe('expandReferences', () => {
  const variables = new Map([
    ['A', 'x'],
    ['B', '$(A)'],
    ['E', ''],
    ['a b', 'y'],
  ]);
  /** What Kubernetes documents, and what its tests of the expansion hold. */
  it.each([
    ['', ''],
    ['$(A)', 'x'],
    ['--a=$(A)-$(E).', '--a=x-.'],
    ['$(B)', '$(A)'],
    ['$(C)', '$(C)'],
    ['$(a b)', 'y'],
    ['$()', '$()'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$x'],
    ['$$$$(A)', '$$(A)'],
    ['$(A', '$(A'],
    ['$((A)', '$((A)'],
    ['$(A))', 'x)'],
    ['$A ${A}', '$A ${A}'],
    ['a$', 'a$'],
    ['$', '$'],
    ['$$', '$'],
    ['$(A)$(A', 'x$(A'],
    ['$(A$(A)', '$(A$(A)'],
  ])('%j becomes %j', (text, expanded) => {
    expect(expandReferences(text, variables)).toBe(expanded);
  });
});

describe('containerEnvironment', () => {
  it('a variable may refer to those above it, and to no other', () => {
    const env = [
      { name: 'A', value: '$(B)' },
      { name: 'B', value: 'b' },
      { name: 'C', value: '$(A)/$(B)/$$(B)' },
      { name: 'D', valueFrom: {} },
      { name: 'E', value: '$(D)' },
      { name: 'F' },
    ];
    expect(Object.fromEntries(containerEnvironment({ env }))).toEqual({
      A: '$(B)',
      B: 'b',
      C: '$(B)/b/$(B)',
      D: '(value of D)',
      E: '(value of D)',
      F: '',
    });
  });
});
