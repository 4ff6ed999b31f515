import { describe, expect, it } from 'vitest';
import { anyPod, errorsOf, gpuContainer, gpuPod, parse, warningsOf } from '../test/pods.ts';
import { FieldPath } from './findings/field-path.ts';
import type { ContainerLike, PodLike } from './pod/pod.ts';

const asking: ContainerLike['resources'] = { limits: { 'bitfusion.io/gpu-amount': '1' } };

describe('parsePod', () => {
  it('reads a pod as the first documents of the original write it', () => {
    const pod: PodLike = {
      metadata: { annotations: { 'auto-management/bitfusion': 'yes' }, name: 'bf-pkgs' },
      spec: {
        containers: [
          {
            name: 'bf-pkgs',
            command: ['python /benchmark/tf_cnn_benchmarks.py --model=inception3'],
            resources: { limits: { 'bitfusion.io/gpu-num': 1, 'bitfusion.io/gpu-percent': 50 } },
          },
        ],
      },
    };
    expect(parse(pod)).toEqual({
      request: {
        mode: 'all',
        client: expect.objectContaining({ os: 'ubuntu20', version: '450' }) as unknown,
        filters: [],
        home: '/root',
        containers: [
          {
            ref: { list: 'containers', index: 0, name: 'bf-pkgs' },
            gpu: { amount: 1n, share: { kind: 'percent', percent: 50n } },
            units: 50n,
            home: '/root',
          },
        ],
      },
      errors: [],
      warnings: [],
    });
  });

  it('B5: never trusts the status: a pod that claims to be injected is read as any other', () => {
    const pod = gpuPod({ 'auto-management/status': 'injected' });
    expect(parse(pod)).toEqual(parse(gpuPod()));
  });

  it('B14: reports every fault, each with its path, type, value, detail and code', () => {
    const pod: PodLike = {
      metadata: {
        annotations: {
          'auto-management/bitfusion': 'injection',
          'bitfusion-client/os': 'ubuntu18',
          'bitfusion-client/version': '1',
          'bitfusion-client/filter': 'x',
          'bitfusion-client/home': 'home',
          'bitfusion-client/containers': 'nobody',
        },
      },
      spec: {
        initContainers: [{ name: 'fetch', resources: { limits: { 'bitfusion.io/gpu-percent': '50' } } }],
        containers: [
          gpuContainer(),
          {
            name: 'b',
            resources: { limits: { 'bitfusion.io/gpu-amount': '0', 'bitfusion.io/gpu-percent': '150' } },
          },
        ],
      },
    };
    const { errors, request } = parse(pod);
    expect(request).toBeUndefined();
    expect(errors.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'SPEC_CLIENT_UNSUPPORTED metadata.annotations[bitfusion-client/version]',
      'SPEC_FILTER_INVALID metadata.annotations[bitfusion-client/filter]',
      'SPEC_HOME_INVALID metadata.annotations[bitfusion-client/home]',
      'SPEC_CONTAINER_UNKNOWN metadata.annotations[bitfusion-client/containers]',
      'SPEC_AMOUNT_REQUIRED spec.initContainers[0].resources.limits[bitfusion.io/gpu-amount]',
      'QUOTA_AMOUNT_RANGE spec.containers[1].resources.limits[bitfusion.io/gpu-amount]',
      'QUOTA_PERCENT_RANGE spec.containers[1].resources.limits[bitfusion.io/gpu-percent]',
    ]);
    expect(errors[6]).toMatchObject({ type: 'Invalid', value: '150' });
  });

  it('B14: 500 faulty containers are 500 errors', () => {
    const faulty = { resources: { limits: { 'bitfusion.io/gpu-amount': '0' } } };
    const containers = Array.from({ length: 500 }, (_, index) => ({ name: `c${index}`, ...faulty }));
    const { errors, request } = parse(gpuPod({}, containers));
    expect(errors).toHaveLength(500);
    expect(errors[499]?.field).toBe('spec.containers[499].resources.limits[bitfusion.io/gpu-amount]');
    expect(request?.containers).toEqual([]);
  });

  it('B14: a faulty container does not hide the others from the next stage', () => {
    const faulty = { name: 'faulty', resources: { limits: { 'bitfusion.io/gpu-amount': '0' } } };
    const { request } = parse(gpuPod({}, [faulty, gpuContainer()]));
    expect(request?.containers.map(({ ref }) => ref)).toEqual([
      { list: 'containers', index: 1, name: 'main' },
    ]);
  });

  it('B14: cuts a long value in the message only', () => {
    const value = 'x'.repeat(30_000);
    const pod = gpuPod({ 'auto-management/bitfusion': value });
    expect(parse(pod).errors[0]?.value).toBe(value);
    expect(errorsOf(pod)[0]?.length).toBeLessThan(300);
  });

  it('writes the paths of a template where the pod is one', () => {
    const template = FieldPath.root('spec').child('template');
    const paths = { specPath: template.child('spec'), metadataPath: template.child('metadata') };
    const pod = gpuPod({ 'bitfusion-client/home': 'x' }, [
      { name: 'a', resources: { limits: { 'bitfusion.io/gpu-num': 0 } } },
    ]);
    expect(parse(pod, paths).errors.map((error) => error.field)).toEqual([
      'spec.template.metadata.annotations[bitfusion-client/home]',
      'spec.template.spec.containers[0].resources.limits[bitfusion.io/gpu-num]',
    ]);
  });
});

describe('which containers are handled', () => {
  it('B15: init containers, native sidecars and containers that ask, in this order; no others', () => {
    const pod: PodLike = {
      ...gpuPod({}, [
        { name: 'plain', resources: { limits: { cpu: '1' } } },
        { name: 'main', resources: asking },
      ]),
    };
    const initContainers: ContainerLike[] = [
      { name: 'fetch' },
      { name: 'sidecar', restartPolicy: 'Always', resources: asking },
      { name: 'prepare', resources: asking },
    ];
    const { request } = parse({ ...pod, spec: { ...pod.spec, initContainers } });
    expect(request?.containers.map(({ ref }) => ref)).toEqual([
      { list: 'initContainers', index: 1, name: 'sidecar' },
      { list: 'initContainers', index: 2, name: 'prepare' },
      { list: 'containers', index: 1, name: 'main' },
    ]);
  });

  it('B15: ephemeral containers are not looked at', () => {
    const spec = {
      containers: [gpuContainer()],
      ephemeralContainers: [{ name: 'debug', resources: asking }, 3],
    };
    expect(parse(anyPod({ ...gpuPod(), spec })).request?.containers).toHaveLength(1);
    expect(errorsOf(anyPod({ ...gpuPod(), spec }))).toEqual([]);
  });

  it.each(['all', 'injection'])(
    'B15: a pod in mode %s that asks for nothing has an empty request',
    (mode) => {
      const { request, errors } = parse(gpuPod({ 'auto-management/bitfusion': mode }, [{ name: 'main' }]));
      expect(request).toMatchObject({ mode, containers: [] });
      expect(errors).toEqual([]);
    },
  );

  it.each(['all', 'none', 'bogus'])('B15: a mirror pod in mode %s is left alone', (mode) => {
    const annotations = { 'auto-management/bitfusion': mode, 'kubernetes.io/config.mirror': 'a1b2' };
    const pod = gpuPod(annotations, [
      { name: 'a', resources: { limits: { 'bitfusion.io/gpu-amount': '0' } } },
    ]);
    expect(parse(pod)).toEqual({ request: undefined, errors: [], warnings: [] });
  });

  it.each([
    ['a container that asks', gpuContainer()],
    [
      'a container that asks wrongly',
      gpuContainer({ resources: { limits: { 'bitfusion.io/gpu-amount': '0' } } }),
    ],
  ])('B15: on a Windows pod %s is an error', (_what, container) => {
    const pod = { ...gpuPod(), spec: { os: { name: 'windows' }, containers: [container] } };
    expect(errorsOf(pod)).toContain(
      'spec.os.name: Forbidden: the Bitfusion client runs on Linux only; remove the GPUs, or choose the os "linux"',
    );
  });

  it('B15: on a Windows pod a named container is an error, and no container is none', () => {
    const windows = (annotations: Record<string, string>): PodLike => ({
      ...gpuPod(annotations),
      spec: { os: { name: 'windows' }, containers: [{ name: 'main' }] },
    });
    const injection = { 'auto-management/bitfusion': 'injection' };
    expect(errorsOf(windows({ ...injection, 'bitfusion-client/containers': 'main' }))).toHaveLength(1);
    expect(errorsOf(windows(injection))).toEqual([]);
  });

  it('B15: a Linux pod may say so', () => {
    const pod = { ...gpuPod(), spec: { os: { name: 'linux' }, containers: [gpuContainer()] } };
    expect(errorsOf(pod)).toEqual([]);
  });
});

describe('GPUs in mode none', () => {
  const unmanaged = (container: ContainerLike): PodLike => ({
    spec: { containers: [{ name: 'a' }, container] },
  });

  it.each([undefined, 'none', 'off', ''])(
    'B16: in mode %j the pod stays as it is, with a warning',
    (mode) => {
      const pod = gpuPod(mode === undefined ? {} : { 'auto-management/bitfusion': mode });
      const { spec } = pod;
      const given = mode === undefined ? { ...(spec === undefined ? {} : { spec }) } : pod;
      expect(parse(given)).toMatchObject({ request: undefined, errors: [] });
      expect(warningsOf(given)).toEqual([
        'spec.containers[0].resources: nothing serves these GPUs: set auto-management/bitfusion to "all" or "injection"',
      ]);
    },
  );

  it('B16: faults inside are warnings too, with the codes of the errors', () => {
    const limits = {
      'bitfusion.io/gpu-amount': '0',
      'bitfusion.io/gpu-memory': '8k',
      'bitfusion.io/gpu-mem': '1',
    };
    const { request, errors, warnings } = parse(unmanaged({ name: 'b', resources: { limits } }));
    expect(request).toBeUndefined();
    expect(errors).toEqual([]);
    expect(warnings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'SPEC_NOT_MANAGED spec.containers[1].resources',
      'SPEC_RESOURCE_UNKNOWN spec.containers[1].resources.limits[bitfusion.io/gpu-mem]',
      'QUOTA_AMOUNT_RANGE spec.containers[1].resources.limits[bitfusion.io/gpu-amount]',
      'SPEC_MEMORY_BELOW_1MB spec.containers[1].resources.limits[bitfusion.io/gpu-memory]',
    ]);
    expect(warnings[2]?.message).toContain('Invalid value: "0": must be 1 or more');
  });

  it('B16: faults of the annotations are among them', () => {
    const pod = gpuPod({ 'auto-management/bitfusion': 'none', 'bitfusion-client/os': 'x' });
    expect(parse(pod).warnings.map(({ code }) => code)).toEqual([
      'SPEC_NOT_MANAGED',
      'SPEC_CLIENT_UNSUPPORTED',
    ]);
  });

  it('B16: only the units ask for nothing (B13)', () => {
    const units = { name: 'b', resources: { limits: { 'bitfusion.io/gpu': '50' } } };
    expect(parse(unmanaged(units))).toEqual({ request: undefined, errors: [], warnings: [] });
  });

  it('B16: an init container asks as any other', () => {
    const pod: PodLike = { spec: { initContainers: [gpuContainer()], containers: [{ name: 'a' }] } };
    expect(parse(pod).warnings).toMatchObject([{ field: 'spec.initContainers[0].resources' }]);
  });

  it('B16: a pod that asks for nothing has no findings, whatever its other annotations say', () => {
    const pod = gpuPod({ 'auto-management/bitfusion': 'no', 'bitfusion-client/os': 'x' }, [{ name: 'main' }]);
    expect(parse(pod)).toEqual({ request: undefined, errors: [], warnings: [] });
  });
});
