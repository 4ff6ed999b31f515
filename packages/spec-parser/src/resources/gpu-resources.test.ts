import { Quantity } from '@bwki/quota-calc';
import { describe, expect, it } from 'vitest';
import { errorsOf, parse, podAsking, warningsOf } from '../../test/pods.ts';
import type { ContainerGpuRequest } from '../pod/request.ts';

const resourcesField = 'spec.containers[0].resources';

type Limits = Readonly<Record<string, unknown>>;

function requestOf(limits: Limits, requests?: Limits): ContainerGpuRequest | undefined {
  return parse(podAsking(limits, requests)).request?.containers[0];
}

function codesOf(limits: Limits, requests?: Limits): string[] {
  return parse(podAsking(limits, requests)).errors.map((error) => error.code);
}

describe('the number of GPUs', () => {
  it.each([
    ['1', 1n],
    [1, 1n],
    ['2', 2n],
    [' 3 ', 3n],
    ['1k', 1000n],
    ['1000m', 1n],
    ['2e0', 2n],
    ['4.0', 4n],
    ['1Ki', 1024n],
  ])('B6: %j is %d', (amount, count) => {
    expect(requestOf({ 'bitfusion.io/gpu-amount': amount })?.gpu?.amount).toBe(count);
    expect(requestOf({ 'bitfusion.io/gpu-num': amount })?.gpu?.amount).toBe(count);
  });

  it.each([
    ['0', 'QUOTA_AMOUNT_RANGE'],
    [0, 'QUOTA_AMOUNT_RANGE'],
    ['-1', 'QUOTA_AMOUNT_RANGE'],
    ['1500m', 'SPEC_RESOURCE_NOT_INTEGER'],
    [0.5, 'SPEC_RESOURCE_NOT_INTEGER'],
    ['1n', 'SPEC_RESOURCE_NOT_INTEGER'],
    ['one', 'QUANTITY_SYNTAX'],
    ['', 'QUANTITY_SYNTAX'],
    [null, 'QUANTITY_TYPE'],
    [true, 'QUANTITY_TYPE'],
    [['1'], 'QUANTITY_TYPE'],
    [{}, 'QUANTITY_TYPE'],
  ])('B6: %j is refused', (amount, code) => {
    for (const name of ['bitfusion.io/gpu-amount', 'bitfusion.io/gpu-num']) {
      const { errors, request } = parse(podAsking({ [name]: amount }));
      expect(errors).toMatchObject([{ field: `${resourcesField}.limits[${name}]`, code }]);
      expect(request?.containers).toEqual([]);
    }
  });

  it('B6: both names are an error at the old one', () => {
    expect(errorsOf(podAsking({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-num': '1' }))).toEqual([
      `${resourcesField}.limits[bitfusion.io/gpu-num]: Forbidden: may not be set beside bitfusion.io/gpu-amount, of which it is the old name`,
    ]);
  });

  it('B6: both names, and a fault in each', () => {
    expect(codesOf({ 'bitfusion.io/gpu-amount': '0', 'bitfusion.io/gpu-num': '1500m' })).toEqual([
      'SPEC_RESOURCE_NOT_INTEGER',
      'SPEC_AMOUNT_TWICE',
      'QUOTA_AMOUNT_RANGE',
    ]);
  });
});

describe('the share of each GPU', () => {
  it.each([
    ['1', 1n],
    [50, 50n],
    ['100', 100n],
    ['50000m', 50n],
  ])('B7: %j percent', (percent, count) => {
    const request = requestOf({ 'bitfusion.io/gpu-amount': '2', 'bitfusion.io/gpu-percent': percent });
    expect(request?.gpu?.share).toEqual({ kind: 'percent', percent: count });
    expect(request?.units).toBe(2n * count);
  });

  it('B7: the error reads as Kubernetes writes it, for a number too', () => {
    const field = `${resourcesField}.limits[bitfusion.io/gpu-percent]`;
    for (const percent of ['150', 150]) {
      const pod = podAsking({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': percent });
      expect(errorsOf(pod)[0]).toContain(`${field}: Invalid value: "150": must be between 1 and 100`);
    }
  });

  it.each([
    ['0', 'QUOTA_PERCENT_RANGE'],
    ['101', 'QUOTA_PERCENT_RANGE'],
    ['-50', 'QUOTA_PERCENT_RANGE'],
    ['1Ki', 'QUOTA_PERCENT_RANGE'],
    ['50500m', 'SPEC_RESOURCE_NOT_INTEGER'],
    ['0.5', 'SPEC_RESOURCE_NOT_INTEGER'],
    ['50%', 'QUANTITY_SYNTAX'],
  ])('B7: %j percent is refused', (percent, code) => {
    expect(codesOf({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': percent })).toEqual([code]);
  });

  it.each([
    ['8000M', 50n],
    ['8G', 50n],
    ['8e9', 50n],
    [8_000_000_000, 50n],
    ['16000M', 100n],
    ['1120M', 7n],
    ['1M', 1n],
    ['1Gi', 7n],
  ])('B8: %j of 16000 MB are %d units', (memory, units) => {
    const request = requestOf({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': memory });
    expect(request?.units).toBe(units);
    expect(request?.gpu?.share.kind).toBe('memory');
  });

  it.each([
    ['0', 'QUOTA_MEMORY_NOT_POSITIVE'],
    ['-1G', 'QUOTA_MEMORY_NOT_POSITIVE'],
    ['16001M', 'QUOTA_MEMORY_ABOVE_TOTAL'],
    ['1e50', 'QUOTA_MEMORY_ABOVE_TOTAL'],
    ['8000MB', 'QUANTITY_SYNTAX'],
  ])('B8: %j is refused', (memory, code) => {
    expect(codesOf({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': memory })).toEqual([code]);
  });

  it('B12: a fraction of a byte is no memory', () => {
    const fraction = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': '1500m' };
    expect(codesOf(fraction)).toEqual(['SPEC_RESOURCE_NOT_INTEGER']);
  });

  it('B8: memory is forbidden while TOTAL_GPU_MEMORY is not set, and percent works', () => {
    const memory = podAsking({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': '8G' });
    const { errors } = parse(memory, { totalMemory: undefined });
    expect(errors).toMatchObject([{ type: 'Forbidden', code: 'QUOTA_TOTAL_MEMORY_UNSET' }]);
    expect(errors[0]?.detail).toContain('TOTAL_GPU_MEMORY');
    const percent = podAsking({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' });
    expect(errorsOf(percent, { totalMemory: undefined })).toEqual([]);
  });

  it.each(['8000', '999999', '999k'])('B8: %j is below 1 MB, which a warning says', (memory) => {
    const pod = podAsking({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': memory });
    expect(errorsOf(pod)).toEqual([]);
    expect(warningsOf(pod)).toEqual([
      expect.stringContaining(`${memory} is below 1 MB: without a suffix (8000M) it counts bytes`),
    ]);
    expect(parse(pod).warnings).toMatchObject([
      { code: 'SPEC_MEMORY_BELOW_1MB', field: `${resourcesField}.limits[bitfusion.io/gpu-memory]` },
    ]);
  });

  it('B8: 1 MB is no reason to warn', () => {
    expect(
      warningsOf(podAsking({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': '1M' })),
    ).toEqual([]);
  });

  it('B9: neither percent nor memory is the whole GPU', () => {
    const whole = { amount: 3n, share: { kind: 'whole' } };
    expect(requestOf({ 'bitfusion.io/gpu-amount': '3' })).toMatchObject({ gpu: whole, units: 300n });
  });

  it('B10: percent and memory are an error at memory', () => {
    const limits = {
      'bitfusion.io/gpu-amount': '1',
      'bitfusion.io/gpu-percent': '50',
      'bitfusion.io/gpu-memory': '8G',
    };
    expect(errorsOf(podAsking(limits))).toEqual([
      `${resourcesField}.limits[bitfusion.io/gpu-memory]: Forbidden: may not be set beside bitfusion.io/gpu-percent: a share is given in one way`,
    ]);
    expect(requestOf(limits)).toBeUndefined();
  });

  it('B10: percent and memory, and a fault in each', () => {
    const limits = {
      'bitfusion.io/gpu-amount': '1',
      'bitfusion.io/gpu-percent': '0',
      'bitfusion.io/gpu-memory': '0',
    };
    expect(codesOf(limits)).toEqual(['SPEC_SHARE_TWICE', 'QUOTA_PERCENT_RANGE', 'QUOTA_MEMORY_NOT_POSITIVE']);
  });

  it.each([
    ['bitfusion.io/gpu-percent', '50'],
    ['bitfusion.io/gpu-memory', '8000M'],
  ])('B11: %s without an amount says what to set', (name, value) => {
    expect(errorsOf(podAsking({ [name]: value }))).toEqual([
      `${resourcesField}.limits[bitfusion.io/gpu-amount]: Required value: must be set with ${name}, which is the share of each GPU`,
    ]);
  });

  it('B11: a missing amount does not hide a share out of its range', () => {
    expect(codesOf({ 'bitfusion.io/gpu-percent': '150' })).toEqual([
      'SPEC_AMOUNT_REQUIRED',
      'QUOTA_PERCENT_RANGE',
    ]);
  });
});

describe('bitfusion.io/gpu and names beside it', () => {
  it('B13: bitfusion.io/gpu beside a request is an error', () => {
    expect(errorsOf(podAsking({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu': '100' }))).toEqual([
      `${resourcesField}.limits[bitfusion.io/gpu]: Forbidden: is written by the webhook, reckoned from bitfusion.io/gpu-*; remove it`,
    ]);
    expect(codesOf({ 'bitfusion.io/gpu-amount': '1' }, { 'bitfusion.io/gpu': '100' })).toEqual([
      'SPEC_UNITS_FORBIDDEN',
    ]);
  });

  it.each(['100', '-1', 'x'])(
    'B13: bitfusion.io/gpu of %j alone is left to the validating webhook',
    (units) => {
      expect(parse(podAsking({ 'bitfusion.io/gpu': units }))).toMatchObject({
        request: { containers: [] },
        errors: [],
        warnings: [],
      });
    },
  );

  it.each([
    ['bitfusion.io/gpu-mem', 'did you mean bitfusion.io/gpu-memory? '],
    ['bitfusion.io/gpus', ''],
    ['bitfusion.io/', ''],
    ['bitfusion.io/GPU-amount', 'did you mean bitfusion.io/gpu-amount? '],
    ['bitfusion.io/gpu-precent', 'did you mean bitfusion.io/gpu-percent? '],
    ['bitfuson.io/gpu-memory', 'did you mean bitfusion.io/gpu-memory? '],
  ])('B6, B83: the unknown name %s is refused with the known ones', (name, meant) => {
    const supported = '"bitfusion.io/gpu-amount", "bitfusion.io/gpu-percent", "bitfusion.io/gpu-memory"';
    const error = `${resourcesField}.limits[${name}]: Unsupported value: "${name}": ${meant}supported values: ${supported}`;
    expect(errorsOf(podAsking({ 'bitfusion.io/gpu-amount': '1', [name]: '1' }))).toEqual([error]);
    expect(errorsOf(podAsking({ [name]: '1' }, { [name]: '1' }))).toEqual([error]);
  });

  it('leaves the resources of others alone', () => {
    const limits = { cpu: 'x', 'nvidia.com/gpu': {}, 'bitfusion.io': 1, 'bitfusions.example/gpu': 1 };
    expect(codesOf({ ...limits, 'bitfusion.io/gpu-amount': '1' })).toEqual([]);
  });

  it('B24: passes the leaf errors of a quantity on with their codes and the value', () => {
    const { errors } = parse(podAsking({ 'bitfusion.io/gpu-amount': 'one' }));
    expect(errors).toMatchObject([{ type: 'Invalid', value: 'one', code: 'QUANTITY_SYNTAX' }]);
  });

  it('keeps the memory as it was asked for', () => {
    const request = requestOf({ 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': '8000M' });
    const share = request?.gpu?.share;
    expect(share?.kind === 'memory' && share.memory.equals(Quantity.fromInteger(8_000_000_000n))).toBe(true);
  });
});
