import { describe, expect, it } from 'vitest';
import { errorsOf, parse, podAsking } from '../../test/pods.ts';

const resourcesField = 'spec.containers[0].resources';

type Limits = Readonly<Record<string, unknown>>;

function codesOf(limits: Limits, requests?: Limits): string[] {
  return parse(podAsking(limits, requests)).errors.map((error) => error.code);
}

describe('limits and requests', () => {
  it.each([
    ['1', '1'],
    ['1', 1],
    ['1', '1000m'],
    ['1k', '1000'],
    [' 2', '2.0'],
  ])('B12: a limit of %j equals a request of %j', (limit, request) => {
    const amount = 'bitfusion.io/gpu-amount';
    expect(codesOf({ [amount]: limit }, { [amount]: request })).toEqual([]);
  });

  it.each([
    ['1', '2', '1'],
    ['1', '1k', '1'],
    ['1000', '1Ki', '1k'],
    ['2', 1, '2'],
  ])('B12: a limit of %j and a request of %j differ', (limit, request, shown) => {
    const name = 'bitfusion.io/gpu-amount';
    expect(errorsOf(podAsking({ [name]: limit }, { [name]: request }))).toEqual([
      `${resourcesField}.requests[${name}]: Invalid value: "${request}": must be equal to ${name} limit of ${shown}`,
    ]);
  });

  it.each(['bitfusion.io/gpu-amount', 'bitfusion.io/gpu-num'])('B12: %s needs a limit', (name) => {
    expect(errorsOf(podAsking({}, { [name]: '1' }))).toEqual([
      `${resourcesField}.limits[${name}]: Required value: must be set too, equal to the request: GPUs are not overcommitted`,
    ]);
  });

  it('B12: a missing limit does not hide a fault of the request', () => {
    const { errors } = parse(
      podAsking({ 'bitfusion.io/gpu-amount': '1' }, { 'bitfusion.io/gpu-percent': '150' }),
    );
    expect(errors).toMatchObject([
      { field: `${resourcesField}.limits[bitfusion.io/gpu-percent]`, code: 'SPEC_LIMIT_REQUIRED' },
      { field: `${resourcesField}.requests[bitfusion.io/gpu-percent]`, code: 'QUOTA_PERCENT_RANGE' },
    ]);
  });

  it('B12: a request that is no quantity is one where it stands', () => {
    const { errors } = parse(podAsking({}, { 'bitfusion.io/gpu-amount': 'x' }));
    expect(errors).toMatchObject([
      { field: `${resourcesField}.limits[bitfusion.io/gpu-amount]`, code: 'SPEC_LIMIT_REQUIRED' },
      { field: `${resourcesField}.requests[bitfusion.io/gpu-amount]`, value: 'x', code: 'QUANTITY_SYNTAX' },
    ]);
  });

  it('B12: a limit and a request that are both no quantities are two faults', () => {
    const { errors } = parse(
      podAsking({ 'bitfusion.io/gpu-amount': 'x' }, { 'bitfusion.io/gpu-amount': 'y' }),
    );
    expect(errors.map((error) => error.field)).toEqual([
      `${resourcesField}.limits[bitfusion.io/gpu-amount]`,
      `${resourcesField}.requests[bitfusion.io/gpu-amount]`,
    ]);
  });

  it.each([
    ['9223372036854775807', []],
    ['92233720368547758', []],
    ['9223372036854775808', ['QUOTA_UNITS_OVERFLOW']],
    ['1e18', []],
    ['1e63', ['QUOTA_UNITS_OVERFLOW']],
    ['1e1000000000', ['QUANTITY_TOO_LARGE']],
    [`1${'0'.repeat(100_000)}`, ['QUANTITY_TOO_LARGE']],
  ])('B12: one percent of %.40s GPUs is bounded', (amount, codes) => {
    expect(codesOf({ 'bitfusion.io/gpu-amount': amount, 'bitfusion.io/gpu-percent': '1' })).toEqual(codes);
  });

  it('B12: too many units are reported once, at the amount', () => {
    const { errors } = parse(podAsking({ 'bitfusion.io/gpu-num': '92233720368547759' }));
    expect(errors).toMatchObject([
      { field: `${resourcesField}.limits[bitfusion.io/gpu-num]`, code: 'QUOTA_UNITS_OVERFLOW' },
    ]);
  });
});
