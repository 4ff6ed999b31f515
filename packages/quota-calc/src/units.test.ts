import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantity } from '../test/quantity-text.ts';
import type { GpuRequest } from './gpu-request.ts';
import type { Quantity } from './quantity.ts';
import { maxUnits, unitsOf } from './units.ts';

function ofMemory(memory: string, amount = 1n): GpuRequest {
  return { amount, share: { kind: 'memory', memory: quantity(memory) } };
}

function ofPercent(percent: bigint, amount = 1n): GpuRequest {
  return { amount, share: { kind: 'percent', percent } };
}

function units(request: GpuRequest, total?: Quantity): bigint {
  const read = unitsOf(request, total);
  if (!read.ok) throw new Error(read.error.code);
  return read.value;
}

const total = quantity('16000M');

describe('B20: unitsOf', () => {
  it.each([
    ['1120M', 1, 7],
    ['8000M', 1, 50],
    ['16000M', 3, 300],
    ['1000M', 1, 7],
    ['1000M', 2, 13],
    ['1000M', 16, 100],
    ['1', 1, 1],
    ['8Gi', 1, 54],
    ['1n', 1, 1],
  ])('B20: %s of 16000 MB, times %d, is %d units', (memory, amount, expected) => {
    expect(units(ofMemory(memory, BigInt(amount)), total)).toBe(BigInt(expected));
  });

  it('B20: 1120M of 16000 is 7, where floating point says 8', () => {
    expect(Math.ceil((1120 / 16000) * 100)).toBe(8);
    expect(units(ofMemory('1120M'), total)).toBe(7n);
  });

  it('B20: counts percent and whole GPUs without a total', () => {
    expect(units(ofPercent(50n, 2n))).toBe(100n);
    expect(units({ amount: 4n, share: { kind: 'whole' } })).toBe(400n);
  });

  const bytes = fc.bigInt({ min: 1n, max: 10n ** 15n });
  const amounts = fc.bigInt({ min: 1n, max: 10n ** 6n });
  const spellings = fc.constantFrom<(nano: bigint) => string>(
    (nano) => `${nano}n`,
    (nano) => `${nano}e-9`,
    (nano) => `${nano * 1024n}`,
    (nano) => `${nano}k`,
    (nano) => `${nano}Ki`,
  );

  it('B20: is the least number of units that holds the memory asked for', () => {
    fc.assert(
      fc.property(bytes, bytes, amounts, spellings, (one, other, amount, spell) => {
        const [memory, all] = one < other ? [one, other] : [other, one];
        const result = units(ofMemory(spell(memory), amount), quantity(spell(all)));
        // The spelling divides out; a unit holds a hundredth of a GPU's memory.
        expect(result * all >= memory * amount * 100n).toBe(true);
        expect((result - 1n) * all < memory * amount * 100n).toBe(true);
      }),
    );
  });

  it('B20: never falls when more memory or more GPUs are asked for', () => {
    const memories = fc.tuple(bytes, bytes).map(([a, b]) => (a < b ? [a, b] : [b, a]));
    fc.assert(
      fc.property(memories, amounts, ([less, more], amount) => {
        const all = quantity(`${more}`);
        const few = units(ofMemory(`${less}`, amount), all);
        expect(few <= units(ofMemory(`${more}`, amount), all)).toBe(true);
        expect(few <= units(ofMemory(`${less}`, amount + 1n), all)).toBe(true);
      }),
    );
  });

  it('B20: counts a percentage of the memory like the percentage itself', () => {
    const percents = fc.bigInt({ min: 1n, max: 100n });
    fc.assert(
      fc.property(percents, amounts, bytes, (percent, amount, hundredth) => {
        const memory = ofMemory(`${hundredth * percent}`, amount);
        expect(units(memory, quantity(`${hundredth * 100n}`))).toBe(units(ofPercent(percent, amount)));
      }),
    );
  });
});

describe('B24: unitsOf reports a fault by code and values', () => {
  it.each([0n, -1n])('B24: an amount of %d', (amount) => {
    expect(unitsOf(ofPercent(50n, amount), total)).toEqual({
      ok: false,
      error: { code: 'QUOTA_AMOUNT_RANGE', amount },
    });
  });

  it.each([0n, 101n, -5n])('B24: %d percent', (percent) => {
    expect(unitsOf(ofPercent(percent), total)).toEqual({
      ok: false,
      error: { code: 'QUOTA_PERCENT_RANGE', percent },
    });
  });

  it('B21: memory without a total, or of a total of 0', () => {
    const unset = { ok: false, error: { code: 'QUOTA_TOTAL_MEMORY_UNSET' } };
    expect(unitsOf(ofMemory('1M'), undefined)).toEqual(unset);
    expect(unitsOf(ofMemory('1M'), quantity('0Gi'))).toEqual(unset);
  });

  it('B24: memory of a negative total', () => {
    expect(unitsOf(ofMemory('1M'), quantity('-16000M'))).toEqual({
      ok: false,
      error: { code: 'QUOTA_TOTAL_MEMORY_INVALID', text: '-16G' },
    });
  });

  it.each(['0', '-1M'])('B24: %s of memory', (memory) => {
    expect(unitsOf(ofMemory(memory), total)).toEqual({
      ok: false,
      error: { code: 'QUOTA_MEMORY_NOT_POSITIVE', memory: quantity(memory) },
    });
  });

  it('B24: more memory than a GPU has', () => {
    const error = { code: 'QUOTA_MEMORY_ABOVE_TOTAL', memory: quantity('16001M'), total };
    expect(unitsOf(ofMemory('16001M', 2n), total)).toEqual({ ok: false, error });
  });

  it('B12: units above 2^63-1, and amounts that could only lead there', () => {
    const most = maxUnits / 100n;
    expect(units({ amount: most, share: { kind: 'whole' } })).toBe(most * 100n);
    expect(units(ofPercent(1n, maxUnits))).toBe(maxUnits);
    expect(units(ofMemory('1', maxUnits), quantity('16E'))).toBe(58n);
    for (const request of [
      { amount: most + 1n, share: { kind: 'whole' } } as const,
      ofPercent(1n, maxUnits + 1n),
      ofPercent(100n, 10n ** 60n),
      ofMemory('16000M', most + 1n),
      ofMemory('1n', maxUnits + 1n),
    ]) {
      const error = { code: 'QUOTA_UNITS_OVERFLOW', amount: request.amount };
      expect(unitsOf(request, total)).toEqual({ ok: false, error });
    }
  });
});
