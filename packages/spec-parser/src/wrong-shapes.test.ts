import { describe, expect, it } from 'vitest';
import { anyPod, errorsOf, parse } from '../test/pods.ts';

const metadata = { annotations: { 'auto-management/bitfusion': 'all' } };
const untouched = { request: undefined, errors: [], warnings: [] };

describe('wrong shapes', () => {
  it.each([
    [3, 'spec: Invalid value: 3: must be an object'],
    [[], 'spec: Invalid value: "array": must be an object'],
    ['x', 'spec: Invalid value: "x": must be an object'],
    [{ containers: {} }, 'spec.containers: Invalid value: "object": must be an array'],
    [{ initContainers: 'x' }, 'spec.initContainers: Invalid value: "x": must be an array'],
    [{ containers: [null] }, 'spec.containers[0]: Invalid value: "null": must be an object'],
    [{ containers: [{}, 7] }, 'spec.containers[1]: Invalid value: 7: must be an object'],
    [
      { containers: [{ resources: [] }] },
      'spec.containers[0].resources: Invalid value: "array": must be an object',
    ],
    [
      { containers: [{ resources: { limits: 'x' } }] },
      'spec.containers[0].resources.limits: Invalid value: "x": must be an object',
    ],
    [
      { containers: [{ resources: { requests: 0 } }] },
      'spec.containers[0].resources.requests: Invalid value: 0: must be an object',
    ],
    [
      { containers: [{ resources: { limits: { 'bitfusion.io/gpu-amount': {} } }, name: 'a' }] },
      'spec.containers[0].resources.limits[bitfusion.io/gpu-amount]: Invalid value: "object": must be',
    ],
    [
      { containers: [{ resources: { limits: { 'bitfusion.io/gpu-amount': 1 } } }] },
      'spec.containers[0].name: Required value',
    ],
    [
      { containers: [{ name: '', resources: { limits: { 'bitfusion.io/gpu-amount': 1 } } }] },
      'spec.containers[0].name: Required value',
    ],
    [
      { containers: [{ name: 5, resources: { limits: { 'bitfusion.io/gpu-amount': 1 } } }] },
      'spec.containers[0].name: Invalid value: 5: must be a string',
    ],
  ])('B14: spec %j of an annotated pod is an error with its path', (spec, error) => {
    const pod = anyPod({ metadata, spec });
    expect(errorsOf(pod)).toEqual([expect.stringContaining(error)]);
    expect(parse(pod).request?.containers).toEqual([]);
  });

  it.each([undefined, null, {}, { containers: null }, { containers: [{ name: 'a', resources: null }] }])(
    'spec %j of an annotated pod asks for nothing: null is absent to Kubernetes',
    (spec) => {
      expect(errorsOf(anyPod({ metadata, spec }))).toEqual([]);
    },
  );

  it.each([
    [{ annotations: 'x' }, 'metadata.annotations: Invalid value: "x": must be an object'],
    [7, 'metadata: Invalid value: 7: must be an object'],
  ])('B16: metadata %j of a pod that asks is a warning', (wrong, text) => {
    const spec = { containers: [{ name: 'a', resources: { limits: { 'bitfusion.io/gpu-amount': 1 } } }] };
    const { errors, warnings } = parse(anyPod({ metadata: wrong, spec }));
    expect(errors).toEqual([]);
    expect(warnings.map(({ field, message }) => `${field}: ${message}`)).toContain(text);
  });

  it('a limit of the wrong shape does not hide a request', () => {
    const resources = { limits: 'x', requests: { 'bitfusion.io/gpu-amount': 1 } };
    const { errors } = parse(anyPod({ metadata, spec: { containers: [{ name: 'a', resources }] } }));
    expect(errors.map(({ code }) => code)).toEqual(['SPEC_TYPE_INVALID', 'SPEC_LIMIT_REQUIRED']);
  });

  it.each([
    [null],
    [3],
    ['pod'],
    [[]],
    [{}],
    [{ spec: 3 }],
    [{ metadata: 3, spec: { containers: {} } }],
    [{ metadata: { annotations: [] }, spec: { containers: [null, 3, { resources: 'x' }] } }],
    [{ metadata: { annotations: { 'auto-management/bitfusion': 'none' } }, spec: { containers: [[]] } }],
    [{ spec: { containers: [{ resources: { limits: ['bitfusion.io/gpu-amount'] } }] } }],
  ])('the pod %j asks for nothing and is the API server’s to judge', (pod) => {
    expect(parse(anyPod(pod))).toEqual(untouched);
  });

  it('takes __proto__ in JSON for the name that it is', () => {
    const gpu = '{"bitfusion.io/gpu-amount": "1"}';
    const hidden = `{"__proto__": {"auto-management/bitfusion": "all"}}`;
    const pod: unknown = JSON.parse(
      `{"metadata": {"annotations": ${hidden}}, "spec": {"__proto__": {"containers": []}, "containers": [{"name": "__proto__", "resources": {"limits": {"__proto__": ${gpu}}}}]}}`,
    );
    expect(parse(anyPod(pod))).toEqual(untouched);
  });

  it('names that cannot be made text are wrong, not fatal', () => {
    const name = { toString: 1, valueOf: 1 };
    const annotations = { 'auto-management/bitfusion': 'injection', 'bitfusion-client/containers': 'main' };
    const containers = [{ name }, { name, resources: { limits: { 'bitfusion.io/gpu-amount': name } } }];
    const { errors } = parse(anyPod({ metadata: { annotations }, spec: { containers } }));
    expect(errors.map(({ code }) => code)).toEqual([
      'SPEC_CONTAINER_UNKNOWN',
      'SPEC_TYPE_INVALID',
      'QUANTITY_TYPE',
    ]);
  });

  it('B4a: a container may be named as a member of every object', () => {
    const annotations = {
      'auto-management/bitfusion': 'injection',
      'bitfusion-client/containers': 'constructor',
    };
    const named = anyPod({ metadata: { annotations }, spec: { containers: [{ name: 'constructor' }] } });
    const other = anyPod({ metadata: { annotations }, spec: { containers: [{ name: 'main' }] } });
    expect(errorsOf(named)).toEqual([]);
    expect(errorsOf(other)).toHaveLength(1);
  });
});
