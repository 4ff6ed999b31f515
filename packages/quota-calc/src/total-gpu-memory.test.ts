import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantity } from '../test/quantity-text.ts';
import { parseTotalGpuMemory } from './total-gpu-memory.ts';

function bytes(value: unknown): string | undefined {
  const read = parseTotalGpuMemory(value);
  if (!read.ok) throw new Error(read.error.code);
  return read.value?.toString();
}

describe('B21: parseTotalGpuMemory', () => {
  it.each([
    ['16000', '16G'],
    [16000, '16G'],
    [' 16000 ', '16G'],
    ['16384.5', '16384500k'],
    [0.5, '500k'],
    ['16e3', '16G'],
    ['+1.6E4', '16G'],
    ['5.', '5M'],
  ])('B21: %j counts MB: %s', (value, expected) => {
    expect(bytes(value)).toBe(expected);
  });

  it.each([
    ['16000M', '16G'],
    ['16G', '16G'],
    ['15Gi', '15Gi'],
    ['1E', '1E'],
    [' 16Gi ', '16Gi'],
  ])('B21: %j counts bytes: %s', (value, expected) => {
    expect(bytes(value)).toBe(expected);
  });

  it.each([undefined, null, '', '  ', 0, '0', '0.0', '0Gi', '-0'])('B21: %j is not set', (value) => {
    expect(bytes(value)).toBeUndefined();
  });

  it.each([
    ['16 GB', '16 GB'],
    ['lots', 'lots'],
    ['-1', '-1'],
    [-16000, '-16000'],
    ['-16Gi', '-16Gi'],
    ['1e999999999', '1e999999999'],
    [NaN, 'NaN'],
    [true, 'boolean'],
    [['16G'], 'array'],
    [{}, 'object'],
  ])('B24: %j is invalid', (value, text) => {
    expect(parseTotalGpuMemory(value)).toEqual({
      ok: false,
      error: { code: 'QUOTA_TOTAL_MEMORY_INVALID', text },
    });
  });

  it('B21: a number means the same as text, as a YAML number and in M', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (megabytes) => {
        const expected = quantity(`${megabytes}M`).toString();
        expect(bytes(megabytes)).toBe(expected);
        expect(bytes(String(megabytes))).toBe(expected);
      }),
    );
  });
});
