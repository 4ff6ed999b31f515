import { describe, expect, it } from 'vitest';
import { errorsOf, gpuContainer, gpuPod, parse } from '../../test/pods.ts';
import type { PodLike } from '../pod/pod.ts';

const field = 'metadata.annotations[bitfusion-client/containers]';

function injected(names: unknown, mode = 'injection'): PodLike {
  const pod = gpuPod({ 'auto-management/bitfusion': mode, 'bitfusion-client/containers': names }, [
    gpuContainer(),
    { name: 'helper' },
    { name: 'other' },
  ]);
  return { ...pod, spec: { ...pod.spec, initContainers: [{ name: 'check' }] } };
}

function requested(pod: PodLike): string[] {
  return (parse(pod).request?.containers ?? []).map(({ ref, units }) => `${ref.list}/${ref.name}: ${units}`);
}

describe('bitfusion-client/containers', () => {
  it.each([
    ['helper', ['containers/main: 100', 'containers/helper: 0']],
    ['check, helper', ['initContainers/check: 0', 'containers/main: 100', 'containers/helper: 0']],
    [' helper ,, helper,', ['containers/main: 100', 'containers/helper: 0']],
    ['main', ['containers/main: 100']],
    ['', ['containers/main: 100']],
    [' , ', ['containers/main: 100']],
  ])('B4a: %j adds containers that take nothing of the quota', (names, containers) => {
    expect(errorsOf(injected(names))).toEqual([]);
    expect(requested(injected(names))).toEqual(containers);
  });

  it('B4a: a container that is only named has no GPU', () => {
    const helper = parse(injected('helper')).request?.containers[1];
    expect(helper).toEqual({
      ref: { list: 'containers', index: 1, name: 'helper' },
      gpu: undefined,
      units: 0n,
      home: '/root',
    });
  });

  it('B4a: serves a pod in which no container asks for a GPU', () => {
    const annotations = { 'auto-management/bitfusion': 'injection', 'bitfusion-client/containers': 'main' };
    expect(requested(gpuPod(annotations, [{ name: 'main' }]))).toEqual(['containers/main: 0']);
  });

  it('B4a: an unknown name is an error that lists the containers', () => {
    const supported = 'supported values: "check", "main", "helper", "other"';
    expect(errorsOf(injected('helper, helpr, Main'))).toEqual([
      `${field}: Unsupported value: "helpr": ${supported}`,
      `${field}: Unsupported value: "Main": ${supported}`,
    ]);
  });

  it('B4a: is refused in mode all instead of being ignored', () => {
    const detail =
      'may only be set with auto-management/bitfusion: injection; remove it, or choose that mode';
    expect(errorsOf(injected('helper', 'all'))).toEqual([`${field}: Forbidden: ${detail}`]);
    expect(requested(injected('helper', 'all'))).toEqual(['containers/main: 100']);
  });

  it('B4a: unknown names are reported beside an unknown mode', () => {
    const codes = parse(injected('nobody', 'bogus')).errors.map((error) => error.code);
    expect(codes).toEqual(['SPEC_MODE_UNSUPPORTED', 'SPEC_CONTAINER_UNKNOWN']);
  });
});
