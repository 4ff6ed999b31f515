import { describe, expect, it } from 'vitest';

import { bwki } from './bwki.ts';

describe('bwki quota', () => {
  it.each([
    ['B9', [], '1 GPU x 100 = 100 units', '100'],
    ['B23', ['--amount', '2', '--percent', '50'], '50 % x 2 GPUs = 100 units', '100'],
    ['B23', ['--amount', '2', '--memory', '8000M'], '8000M / 16000M x 2 GPUs x 100 = 100 units', '100'],
    ['B20', ['--memory', '1120M'], '1120M / 16000M x 1 GPU x 100 = 7 units', '7'],
  ])('%s: the sum and the number for %j', async (_, args, sum, units) => {
    const call = ['quota', ...args, '--total-memory', '16000'];
    expect(await bwki(call)).toEqual({
      code: 0,
      stdout: `${sum}\nbitfusion.io/gpu: "${units}"\n`,
      stderr: '',
    });
    expect(JSON.parse((await bwki([...call, '-o', 'json'])).stdout)).toEqual({ units, sum });
  });

  it.each([
    [['--amount', '0'], '--amount 0: ', 'QUOTA_AMOUNT_RANGE'],
    [['--amount', '1.5'], '--amount 1.5: ', 'SPEC_RESOURCE_NOT_INTEGER'],
    [['--amount', 'x'], '--amount x: ', 'QUANTITY_SYNTAX'],
    [['--amount', '9e18'], '--amount 9e18: ', 'QUOTA_UNITS_OVERFLOW'],
    [['--percent', '101'], '--percent 101: ', 'QUOTA_PERCENT_RANGE'],
    [['--percent', '1m'], '--percent 1m: ', 'SPEC_RESOURCE_NOT_INTEGER'],
    [['--memory', '17G'], '--memory 17G: ', 'QUOTA_MEMORY_ABOVE_TOTAL'],
    [['--memory', '-1'], '--memory -1: ', 'QUOTA_MEMORY_NOT_POSITIVE'],
  ])('B24: %j names the option and the code', async (args, prefix, code) => {
    const called = await bwki(['quota', ...args, '--total-memory', '16000']);
    expect(called).toMatchObject({ code: 1, stdout: '' });
    expect(called.stderr.startsWith(prefix)).toBe(true);
    expect(called.stderr.endsWith(` (${code})\n`)).toBe(true);
  });

  it('B14: faults of both options at once', async () => {
    const { stderr } = await bwki(['quota', '--amount', 'x', '--percent', 'y']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
