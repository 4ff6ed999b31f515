import { describe, expect, it } from 'vitest';
import { anyPod, errorsOf, gpuPod, parse } from '../../test/pods.ts';

const field = 'metadata.annotations[auto-management/bitfusion]';

describe('auto-management/bitfusion', () => {
  it.each(['all', 'y', 'yes', 'true', 'on', 'ALL', 'Yes', ' all ', '\tOn\n'])('B1: %j is all', (value) => {
    expect(parse(gpuPod({ 'auto-management/bitfusion': value })).request?.mode).toBe('all');
  });

  it.each(['injection', 'Injection', ' INJECTION '])('B1: %j is injection', (value) => {
    expect(parse(gpuPod({ 'auto-management/bitfusion': value })).request?.mode).toBe('injection');
  });

  it.each(['none', 'n', 'no', 'false', 'off', 'NONE', ' Off ', '', '  ', null])('B1: %j is none', (value) => {
    const { request, errors } = parse(gpuPod({ 'auto-management/bitfusion': value }));
    expect(request).toBeUndefined();
    expect(errors).toEqual([]);
  });

  it('B1: absent is none', () => {
    expect(parse({ spec: gpuPod().spec ?? {} })).toMatchObject({ request: undefined, errors: [] });
  });

  it.each(['al', '1', 'inject', 'all,none', 'y es', 'constructor', '__proto__'])(
    'B1: %j is an error',
    (value) => {
      const supported = 'supported values: "all", "injection", "none"';
      const pod = gpuPod({ 'auto-management/bitfusion': value });
      expect(errorsOf(pod)).toEqual([`${field}: Unsupported value: "${value}": ${supported}`]);
      expect(parse(pod)).toMatchObject({ request: undefined, errors: [{ code: 'SPEC_MODE_UNSUPPORTED' }] });
    },
  );

  it('B1: is an error on a pod without GPUs too', () => {
    const pod = gpuPod({ 'auto-management/bitfusion': 'maybe' }, [{ name: 'main' }]);
    expect(errorsOf(pod)).toHaveLength(1);
  });

  it('B1: a bare YAML boolean is no text, and is told to be quoted', () => {
    const pod = anyPod({ metadata: { annotations: { 'auto-management/bitfusion': true } } });
    expect(errorsOf(pod)).toEqual([`${field}: Invalid value: true: must be a string; put it in quotes`]);
    expect(parse(pod).request).toBeUndefined();
  });
});
