import { describe, expect, it } from 'vitest';
import { formatFieldError, notSupported, quoteNames, type FieldError } from './field-error.ts';
import { FieldPath } from './field-path.ts';

const path = FieldPath.root('spec').child('x');

function error(type: FieldError['type'], value: unknown, detail = 'must be better'): FieldError {
  return { type, field: 'spec.x', value, detail, code: 'SPEC_TEST' };
}

describe('formatFieldError', () => {
  it.each([
    [error('Required', undefined), 'spec.x: Required value: must be better'],
    [error('Required', undefined, ''), 'spec.x: Required value'],
    [error('Forbidden', undefined), 'spec.x: Forbidden: must be better'],
    [error('TooLong', undefined), 'spec.x: Too long: must be better'],
    [error('Invalid', '150'), 'spec.x: Invalid value: "150": must be better'],
    [error('Duplicate', 'a', ''), 'spec.x: Duplicate value: "a"'],
    [error('NotSupported', 'a'), 'spec.x: Unsupported value: "a": must be better'],
    [error('TypeInvalid', 3), 'spec.x: Invalid value: 3: must be better'],
    [error('TypeInvalid', true), 'spec.x: Invalid value: true: must be better'],
    [error('TypeInvalid', 3n), 'spec.x: Invalid value: 3: must be better'],
    [error('TypeInvalid', null), 'spec.x: Invalid value: "null": must be better'],
    [error('TypeInvalid', undefined), 'spec.x: Invalid value: "null": must be better'],
    [error('TypeInvalid', { password: 'x' }), 'spec.x: Invalid value: "object": must be better'],
    [error('TypeInvalid', [1]), 'spec.x: Invalid value: "array": must be better'],
  ])('B14: words it as Kubernetes does: %o', (fault, text) => {
    expect(formatFieldError(fault)).toBe(text);
  });

  it('B14: cuts a long value in the middle', () => {
    const text = formatFieldError(error('Invalid', `${'a'.repeat(100_000)}z`));
    expect(text.length).toBeLessThan(150);
    expect(text).toMatch(/"a+\.\.\.a+z": must be better$/);
  });
});

describe('a long field', () => {
  it('B14: is cut in the middle too', () => {
    const field = `spec.x[${'k'.repeat(100_000)}]`;
    expect(formatFieldError({ ...error('Required', undefined, ''), field })).toMatch(
      /^spec\.x\[k+\.\.\.k+\]: Required value$/,
    );
    expect(formatFieldError({ ...error('Required', undefined, ''), field }).length).toBeLessThan(600);
  });
});

describe('notSupported', () => {
  it('B14: lists what is supported, as Kubernetes does', () => {
    expect(formatFieldError(notSupported(path, 'SPEC_TEST', 'c', ['a', 'b']))).toBe(
      'spec.x: Unsupported value: "c": supported values: "a", "b"',
    );
  });

  it('says so where nothing is supported', () => {
    expect(formatFieldError(notSupported(path, 'SPEC_TEST', 'c', []))).toBe(
      'spec.x: Unsupported value: "c": there is none',
    );
  });
});

describe('quoteNames', () => {
  it('B14: bounds a long list', () => {
    const names = Array.from({ length: 500 }, (_, index) => `c${index}`);
    expect(quoteNames(names)).toMatch(/^"c0", .* "c19" and 480 more$/);
  });
});
