import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantity } from '../test/quantity-text.ts';
import { explainUnits } from './explain-units.ts';
import type { GpuShare } from './gpu-request.ts';
import { unitsOf } from './units.ts';

const memory = (text: string): GpuShare => ({ kind: 'memory', memory: quantity(text) });
const percent = (value: bigint): GpuShare => ({ kind: 'percent', percent: value });
const whole: GpuShare = { kind: 'whole' };

describe('B23: explainUnits', () => {
  it.each<[string, bigint, GpuShare, string]>([
    ['1 GPU x 100 = 100 units', 1n, whole, '16G'],
    ['2 GPUs x 100 = 200 units', 2n, whole, '16G'],
    ['1 % x 1 GPU = 1 unit', 1n, percent(1n), '16G'],
    ['50 % x 2 GPUs = 100 units', 2n, percent(50n), '16G'],
    ['8000M / 16000M x 1 GPU x 100 = 50 units', 1n, memory('8000M'), '16000M'],
    ['8000M / 16000M x 3 GPUs x 100 = 150 units', 3n, memory('8G'), '16G'],
    ['2M / 200M x 1 GPU x 100 = 1 unit', 1n, memory('2M'), '200M'],
    ['1000M / 16000M x 1 GPU x 100 = 6.25, rounded up to 7 units', 1n, memory('1000M'), '16G'],
    ['8Gi / 24Gi x 1 GPU x 100 = 33.33…, rounded up to 34 units', 1n, memory('8Gi'), '24Gi'],
    ['8Gi / 16000M x 1 GPU x 100 = 53.68…, rounded up to 54 units', 1n, memory('8Gi'), '16G'],
    ['15625Ki / 16000M x 1 GPU x 100 = 0.1, rounded up to 1 unit', 1n, memory('15625Ki'), '16G'],
    ['1 / 16000M x 1 GPU x 100 = 0.00…, rounded up to 1 unit', 1n, memory('1'), '16G'],
    ['1500 / 16000M x 2 GPUs x 100 = 0.00…, rounded up to 1 unit', 2n, memory('1.5k'), '16G'],
    ['499999 / 500k x 7 GPUs x 100 = 699.9986, rounded up to 700 units', 7n, memory('499999'), '500k'],
    ['16001 / 160k x 1 GPU x 100 = 10.00…, rounded up to 11 units', 1n, memory('16001'), '160k'],
  ])('B23: %s', (expected, amount, share, total) => {
    expect(explainUnits({ amount, share }, quantity(total))).toEqual({ ok: true, value: expected });
  });

  it('B23: ends in what unitsOf says, or in its fault', () => {
    const shares = fc.oneof(
      fc.constant(whole),
      fc.bigInt({ min: 0n, max: 101n }).map(percent),
      fc.bigInt({ min: 0n, max: 10n ** 11n }).map((bytes) => memory(`${bytes}`)),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 100n }), shares, fc.boolean(), (amount, share, set) => {
        const total = set ? quantity('80G') : undefined;
        const units = unitsOf({ amount, share }, total);
        const explained = explainUnits({ amount, share }, total);
        if (!units.ok) expect(explained).toEqual(units);
        else expect(explained.ok && explained.value).toMatch(new RegExp(`[= ]${units.value} units?$`));
      }),
    );
  });
});
