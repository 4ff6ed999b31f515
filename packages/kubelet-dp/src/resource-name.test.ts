import { describe, expect, it } from 'vitest';

import { checkResourceName } from './resource-name.ts';

describe('the name of a resource', () => {
  it.each([
    'example.com/fuse',
    'a/b',
    'bitfusion.io/gpu',
    'example.com/A_b.c-1',
    'kubernetes.io.example.com/x',
    `${'a'.repeat(244)}/x`,
    `a.b/${'x'.repeat(63)}`,
  ])('B61: may be %s', (name) => {
    expect(() => {
      checkResourceName(name);
    }).not.toThrow();
  });

  it.each([
    ['', 'has no slash'],
    ['cpu', 'has no slash'],
    ['a/b/c', 'has more than one slash'],
    ['kubernetes.io/x', "is of Kubernetes' own domain"],
    ['node.kubernetes.io/x', "is of Kubernetes' own domain"],
    ['requests.example.com/x', 'begins with "requests."'],
    ['/x', 'has no domain'],
    ['Example.com/x', 'has no domain of lower case'],
    ['example..com/x', 'has no domain'],
    ['-a/x', 'has no domain'],
    [`${'a'.repeat(245)}/x`, 'has a domain of more than 244 characters'],
    ['a/', 'has something else after the slash'],
    ['a/-x', 'has something else after the slash'],
    ['a/x y', 'has something else after the slash'],
    [`a/${'x'.repeat(64)}`, 'has more than 63 characters after the slash'],
  ])('B61: may not be %j: it %s', (name, fault) => {
    expect(() => {
      checkResourceName(name);
    }).toThrow(expect.objectContaining({ code: 'DEVICE_RESOURCE_NAME_INVALID' }));
    expect(() => {
      checkResourceName(name);
    }).toThrow(fault);
  });
});
