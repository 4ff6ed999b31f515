import { Quantity, type GpuRequest } from '@bwki/quota-calc';
import { describe, expect, it } from 'vitest';

import { gpuFlags, memoryFlag, percentAsFraction, type MemoryFlagUnit } from './gpu-flags.ts';

describe('the flags of a request', () => {
  it.each([
    [1n, '0.01'],
    [7n, '0.07'],
    [10n, '0.1'],
    [33n, '0.33'],
    [50n, '0.5'],
    [99n, '0.99'],
    [100n, '1'],
  ])('B30: %i %% is the shortest exact decimal %s', (percent, fraction) => {
    expect(percentAsFraction(percent)).toBe(fraction);
  });

  it('B30: every percentage reads back as itself', () => {
    for (let percent = 1n; percent <= 100n; percent += 1n) {
      expect(Math.round(Number(percentAsFraction(percent)) * 100)).toBe(Number(percent));
    }
  });

  it.each<[string, MemoryFlagUnit, string]>([
    ['8000M', 'MiB', '7630'],
    ['8000M', 'MB', '8000'],
    ['2Gi', 'MiB', '2048'],
    ['1', 'MiB', '1'],
    ['1048576', 'MiB', '1'],
    ['1048577', 'MiB', '2'],
    ['1500k', 'MB', '2'],
    ['16Ei', 'MiB', '8796093022208'],
  ])('B30: -m for %s in %s is %s, rounded up', (memory, unit, flag) => {
    expect(memoryFlag(quantity(memory), unit)).toBe(flag);
  });

  it.each<[string, GpuRequest['share'], object]>([
    ['a whole GPU has neither -p nor -m (B9)', { kind: 'whole' }, { amount: '2' }],
    ['an explicit 100 % is -p 1 (B9)', { kind: 'percent', percent: 100n }, { amount: '2', partial: '1' }],
    [
      'memory has -m',
      { kind: 'memory', memory: Quantity.fromInteger(1n << 30n) },
      { amount: '2', memory: '1024' },
    ],
  ])('B30: %s', (_, share, flags) => {
    expect(gpuFlags({ amount: 2n, share }, 'MiB')).toEqual(flags);
  });
});

function quantity(text: string): Quantity {
  const parsed = Quantity.parse(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
