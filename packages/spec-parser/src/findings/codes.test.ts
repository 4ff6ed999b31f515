import { describe, expect, it } from 'vitest';
import { anyPod, gpuContainer, gpuPod, parse, podAsking } from '../../test/pods.ts';
import { specErrorCodes, specWarningCodes, type SpecErrorCode, type SpecWarningCode } from './codes.ts';
import type { PodLike } from '../pod/pod.ts';

const amount = { 'bitfusion.io/gpu-amount': '1' };

/** For each code a pod that shows it: the compiler asks for one when a code is added. */
const errorExamples: Readonly<Record<SpecErrorCode, PodLike>> = {
  SPEC_TYPE_INVALID: anyPod({ ...gpuPod(), spec: 3 }),
  SPEC_ANNOTATION_TOO_LONG: gpuPod({ 'auto-management/bitfusion': 'a'.repeat(40_000) }),
  SPEC_MODE_UNSUPPORTED: gpuPod({ 'auto-management/bitfusion': 'some' }),
  SPEC_CLIENT_UNSUPPORTED: gpuPod({ 'bitfusion-client/os': 'plan9' }),
  SPEC_CLIENT_VERSION_REQUIRED: gpuPod({ 'bitfusion-client/os': 'ubuntu22' }),
  SPEC_FILTER_INVALID: gpuPod({ 'bitfusion-client/filter': 'fast' }),
  SPEC_FILTER_CLIENT_TOO_OLD: gpuPod({ 'bitfusion-client/filter': 'a=1', 'bitfusion-client/version': '250' }),
  SPEC_HOME_INVALID: gpuPod({ 'bitfusion-client/home': 'home' }),
  SPEC_HOME_TOO_LONG: gpuPod({ 'bitfusion-client/home': `/${'a'.repeat(5000)}` }),
  SPEC_CONTAINERS_FORBIDDEN: gpuPod({ 'bitfusion-client/containers': 'main' }),
  SPEC_CONTAINER_UNKNOWN: gpuPod({
    'auto-management/bitfusion': 'injection',
    'bitfusion-client/containers': 'nobody',
  }),
  SPEC_CONTAINER_NAME_REQUIRED: gpuPod({}, [{ resources: { limits: amount } }]),
  SPEC_RESOURCE_UNKNOWN: podAsking({ ...amount, 'bitfusion.io/gpu-mem': '8G' }),
  SPEC_RESOURCE_NOT_INTEGER: podAsking({ 'bitfusion.io/gpu-amount': '1500m' }),
  SPEC_LIMIT_REQUIRED: podAsking({}, amount),
  SPEC_REQUEST_DIFFERS: podAsking(amount, { 'bitfusion.io/gpu-amount': '2' }),
  SPEC_AMOUNT_REQUIRED: podAsking({ 'bitfusion.io/gpu-percent': '50' }),
  SPEC_AMOUNT_TWICE: podAsking({ ...amount, 'bitfusion.io/gpu-num': '1' }),
  SPEC_SHARE_TWICE: podAsking({
    ...amount,
    'bitfusion.io/gpu-percent': '50',
    'bitfusion.io/gpu-memory': '8G',
  }),
  SPEC_UNITS_FORBIDDEN: podAsking({ ...amount, 'bitfusion.io/gpu': '100' }),
  SPEC_WINDOWS_FORBIDDEN: { ...gpuPod(), spec: { os: { name: 'windows' }, containers: [gpuContainer()] } },
  SPEC_HOME_CONTRADICTS: gpuPod({ 'bitfusion-client/home': '/a' }, [
    gpuContainer({ env: [{ name: 'HOME', value: '/b' }] }),
  ]),
  SPEC_POD_LEVEL_FORBIDDEN: {
    ...gpuPod(),
    spec: { containers: [{ name: 'main' }], resources: { limits: amount } },
  },
  SPEC_NOT_RENDERED: podAsking({ 'bitfusion.io/gpu-amount': '{{ .Values.gpus }}' }),
  MUTATION_SHAPE: gpuPod({}, [gpuContainer({ command: 'python' } as object)]),
  ADMISSION_POD_TOO_LARGE: gpuPod(
    {},
    Array.from({ length: 1001 }, (_, index) => gpuContainer({ name: `c${index}` })),
  ),
};

const warningExamples: Readonly<Record<SpecWarningCode, PodLike>> = {
  SPEC_NOT_MANAGED: gpuPod({ 'auto-management/bitfusion': 'none' }),
  SPEC_HOME_UNKNOWN: gpuPod({}, [gpuContainer({ securityContext: { runAsUser: 1000 } })]),
  SPEC_MEMORY_BELOW_1MB: podAsking({ ...amount, 'bitfusion.io/gpu-memory': '8000' }),
  SPEC_ANNOTATION_UNKNOWN: gpuPod({ 'bitfusion-client/filters': 'a=1' }),
  SPEC_ANNOTATION_MISPLACED: {
    ...gpuPod(),
    metadata: { ...gpuPod().metadata, labels: { 'bitfusion-client/os': 'ubuntu20' } },
  },
  SPEC_NODE_GPU: podAsking({ ...amount, 'nvidia.com/gpu': 1 }),
  SPEC_ARCHITECTURE_UNSUPPORTED: anyPod({
    ...gpuPod(),
    spec: { nodeSelector: { 'kubernetes.io/arch': 'arm64' }, containers: [gpuContainer()] },
  }),
  SPEC_STORAGE_SMALL: podAsking({ ...amount, 'ephemeral-storage': '20Mi' }),
};

describe('specErrorCodes', () => {
  it.each(Object.entries(errorExamples))(
    'B14: %s is reported, alone, of a pod with this one fault',
    (code, pod) => {
      expect(parse(pod).errors.map((error) => error.code)).toEqual([code]);
    },
  );

  it('B14: documents exactly these codes', () => {
    expect(Object.keys(specErrorCodes).sort()).toEqual(Object.keys(errorExamples).sort());
  });
});

describe('specWarningCodes', () => {
  it.each(Object.entries(warningExamples))('%s is a warning and no error', (code, pod) => {
    const { errors, warnings } = parse(pod);
    expect(errors).toEqual([]);
    expect(warnings.map((warning) => warning.code)).toEqual([code]);
  });

  it('documents exactly these codes', () => {
    expect(Object.keys(specWarningCodes).sort()).toEqual(Object.keys(warningExamples).sort());
  });
});

describe('a code', () => {
  it('has a prefix and one line on it, and is an error or a warning but not both', () => {
    const all = [...Object.entries(specErrorCodes), ...Object.entries(specWarningCodes)];
    for (const [code, line] of all) {
      expect(code).toMatch(/^(SPEC|MUTATION|ADMISSION)(_[A-Z0-9]+)+$/);
      expect(line).toMatch(/^\S[^\n]*\.$/);
    }
    expect(new Set(all.map(([code]) => code)).size).toBe(all.length);
  });
});
