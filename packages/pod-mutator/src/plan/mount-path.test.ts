import { describe, expect, it } from 'vitest';

import { cleanMountPath, isBelow } from './mount-path.ts';

describe('a mount path', () => {
  it.each([
    ['/a/b', '/a/b'],
    ['/a', '/a'],
    ['/a/', '/a'],
    ['//a///b', '/a/b'],
    ['/a/./b/.', '/a/b'],
    ['/a/../b', '/b'],
    ['/../a', '/a'],
    ['/a/..', '/'],
    ['/', '/'],
    ['', '/'],
    ['a/b', '/a/b'],
    ['/.hidden/..x/...', '/.hidden/..x/...'],
    ['/a b/c:d', '/a b/c:d'],
  ])('B42: %j is compared as %j', (path, clean) => {
    expect(cleanMountPath(path)).toBe(clean);
  });

  it.each([
    ['/a/b', '/a', true],
    ['/a/b/c', '/a', true],
    ['/a', '/a', false],
    ['/ab', '/a', false],
    ['/b/a', '/a', false],
    ['/x/b', '/a', false],
    ['/', '/a', false],
  ])('B42: %s is below %s: %s', (path, directory, below) => {
    expect(isBelow(path, directory)).toBe(below);
  });
});
