import type { PodLike } from '@bwki/spec-parser';

/** A container that asks for half a GPU. */
export const gpuContainer = {
  name: 'train',
  image: 'pytorch',
  command: ['python', 'train.py'],
  resources: { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' } },
};

export function gpuPod(mode = 'all', container: object = gpuContainer): PodLike {
  return {
    metadata: { name: 'train-0', annotations: { 'auto-management/bitfusion': mode } },
    spec: { containers: [container] },
  };
}

/** A pod that nothing has to be done with. */
export const plainPod: PodLike = {
  metadata: { name: 'web' },
  spec: { containers: [{ name: 'web', image: 'nginx' }] },
};

/** An AdmissionReview as an API server sends it; `request` goes over the usual fields. */
export function reviewOf(
  object: unknown,
  request: object = {},
  apiVersion = 'admission.k8s.io/v1',
): Record<string, unknown> {
  return {
    kind: 'AdmissionReview',
    apiVersion,
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      name: 'train-0',
      namespace: 'team-vision',
      operation: 'CREATE',
      userInfo: { username: 'ada' },
      object,
      oldObject: null,
      dryRun: false,
      ...request,
    },
  };
}
