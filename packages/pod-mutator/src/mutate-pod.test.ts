import type { ContainerLike, PodLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { applyStrictly } from '../test/apply-strictly.ts';
import { gpuContainer, gpuPod, injection, mutated, podOf, policyOf } from '../test/gpu-pod.ts';
import { mutatePod } from './mutate-pod.ts';

/** What another webhook, or the API server, did to a mutated pod since. */
function since(
  pod: PodLike,
  change: (spec: { -readonly [K in keyof NonNullable<PodLike['spec']>]: unknown }) => void,
): PodLike {
  const copy = structuredClone(mutated(pod).mutatedPod());
  change(copy.spec ?? {});
  return copy;
}

describe('mutatePod', () => {
  it('B5: says that it was there', () => {
    const { annotations } = mutated(gpuPod({}, {}, { note: 'x' })).mutatedPod().metadata ?? {};
    expect(annotations).toEqual({
      'auto-management/bitfusion': 'all',
      note: 'x',
      'auto-management/status': 'injected',
    });
  });

  it.each(['injected', 'done'])('B5: never trusts a status of %s', (status) => {
    const claimed = mutated(gpuPod({}, {}, { 'auto-management/status': status }));
    const plain = mutated(gpuPod());
    expect(claimed.mutatedPod().spec).toEqual(plain.mutatedPod().spec);
    expect(claimed.mutatedPod().metadata).toEqual(plain.mutatedPod().metadata);
  });

  it.each<[string, PodLike]>([
    ['a pod that asks for nothing', podOf([{ name: 'a', command: ['x'] }])],
    ['in mode injection too', podOf([{ name: 'a' }], {}, injection)],
    ['mode none', podOf([{ name: 'a' }], {}, { 'auto-management/bitfusion': 'none' })],
    ['a mirror pod', gpuPod({}, {}, { 'kubernetes.io/config.mirror': 'x' })],
    [
      'wrong shapes of a pod that asks for nothing',
      podOf([{ command: 'x', env: {}, volumeMounts: 'y' } as never]),
    ],
  ])('B15: leaves alone: %s', (_, pod) => {
    const { patch, mutatedPod, units, containers, warnings } = mutated(pod);
    expect(patch).toEqual([]);
    expect(mutatedPod()).toBe(pod);
    expect({ units, containers, warnings }).toEqual({ units: 0n, containers: [], warnings: [] });
  });

  it('B16: asks in mode none: unchanged, with a warning', () => {
    const pod = gpuPod({}, {}, { 'auto-management/bitfusion': 'none' });
    const { patch, warnings } = mutated(pod);
    expect(patch).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(['SPEC_NOT_MANAGED']);
  });

  it('B15: other containers are left bit for bit', () => {
    const other = { name: 'log', command: ['tail -f x '], env: [{ name: 'A', value: null }] } as never;
    const { spec } = mutated(podOf([gpuContainer(), other], { initContainers: [other] })).mutatedPod();
    expect(spec?.containers?.[1]).toBe(other);
    expect(spec?.initContainers?.[1]).toBe(other);
  });

  it('B22: counts what the pod takes at its peak', () => {
    const of = (name: string, percent: string, more = {}): ContainerLike =>
      gpuContainer({
        name,
        resources: { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': percent } },
        ...more,
      });
    const pod = podOf([of('a', '10'), of('b', '20')], {
      initContainers: [of('i', '5', { restartPolicy: 'Always' }), of('j', '90')],
    });
    expect(mutated(pod).units).toBe(95n);
    expect(mutated(mutated(pod).mutatedPod()).units).toBe(95n);
    expect(mutated(pod).containers.map(({ ref, units }) => [ref.name, units])).toEqual([
      ['i', 5n],
      ['j', 90n],
      ['a', 10n],
      ['b', 20n],
    ]);
  });

  it('B13, B22: counts no units that somebody set by hand', () => {
    const byHand = { name: 'a', resources: { limits: { 'bitfusion.io/gpu': '7' } } };
    expect(mutated(podOf([gpuContainer(), byHand])).units).toBe(50n);
  });

  it('B14: collects the faults of both stages and of every container', () => {
    const bad = (name: string): ContainerLike =>
      gpuContainer({ name, command: ['python &'], args: ['x'], env: [{ name: 'BITFUSION_GPU_AMOUNT' }] });
    const pod = podOf(
      [bad('a'), bad('b'), gpuContainer({ resources: { limits: { 'bitfusion.io/gpu-amount': 'x' } } })],
      {
        volumes: [{ name: 'bwki-token' }],
      },
    );
    const outcome = mutatePod(pod, policyOf());
    expect(outcome.ok ? [] : outcome.error.map(({ code }) => code)).toEqual([
      'QUANTITY_SYNTAX',
      'MUTATION_SHELL_ARGS',
      'MUTATION_ENV_TAKEN',
      'MUTATION_SHELL_ARGS',
      'MUTATION_ENV_TAKEN',
      'MUTATION_VOLUME_TAKEN',
    ]);
  });

  it('B14: a fault of the request hides none of the pod', () => {
    const resources = { limits: { 'bitfusion.io/gpu-amount': 'x' } };
    const pod = gpuPod({ resources, command: 'python' } as never, { volumes: [{ name: 'bwki-token' }] });
    const outcome = mutatePod(pod, policyOf());
    expect(outcome.ok ? [] : outcome.error.map(({ code }) => code)).toEqual([
      'QUANTITY_SYNTAX',
      'MUTATION_SHAPE',
      'MUTATION_VOLUME_TAKEN',
    ]);
  });

  it('does not change its input', () => {
    const pod = structuredClone(
      gpuPod({ args: ['a'], env: [{ name: 'A' }] }, { initContainers: [{ name: 'i' }] }),
    );
    const before = structuredClone(pod);
    mutated(pod).mutatedPod();
    expect(pod).toEqual(before);
  });
});

describe('the second mutation', () => {
  it.each<[string, PodLike]>([
    ['of a plain pod', gpuPod()],
    ['in mode injection', gpuPod({}, {}, injection)],
    [
      'of several users',
      podOf([gpuContainer(), gpuContainer({ name: 'b', securityContext: { runAsUser: 5 } })]),
    ],
    ['of a preinstalled client', gpuPod({}, {}, { 'bitfusion-client/version': 'preinstalled' })],
    [
      'of named containers',
      podOf(
        [gpuContainer(), { name: 'helper' }],
        {},
        { ...injection, 'bitfusion-client/containers': 'helper' },
      ),
    ],
  ])('B44: finds nothing to do: %s', (_, pod) => {
    const first = mutated(pod);
    const second = mutated(first.mutatedPod());
    expect(second.patch).toEqual([]);
    expect(second.units).toBe(first.units);
    expect(second.mutatedPod()).toBe(second.mutatedPod());
  });

  it("B44: finds nothing to do after the API server's defaults", () => {
    const pod = since(gpuPod({}, { initContainers: [{ name: 'i' }] }), (spec) => {
      const { volumes, initContainers, containers } = spec as Record<string, Record<string, unknown>[]>;
      Object.assign(volumes?.[1]?.['projected'] ?? {}, { defaultMode: 420 });
      for (const container of [...(initContainers ?? []), ...(containers ?? [])]) {
        const mounts = container['volumeMounts'] as object[] | undefined;
        mounts?.push({ name: 'kube-api-access', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' });
        Object.assign(container, {
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          resources: container['resources'] ?? {},
        });
      }
      Object.assign(spec, { restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', securityContext: {} });
    });
    expect(mutated(pod).patch).toEqual([]);
  });

  it('B44: keeps what a LimitRange gave the step', () => {
    const resources = { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '1Gi' } };
    const pod = since(gpuPod(), ({ initContainers }) => {
      Object.assign((initContainers as object[])[0] ?? {}, { resources });
    });
    expect(mutated(pod).patch).toEqual([]);
  });

  it('B39, B44: brings the step to the front again', () => {
    const pod = since(gpuPod({}, { initContainers: [{ name: 'i' }] }), ({ initContainers }) => {
      (initContainers as object[]).unshift({ name: 'mesh' });
    });
    const { patch, mutatedPod } = mutated(pod);
    expect(patch).toEqual([{ op: 'move', from: '/spec/initContainers/1', path: '/spec/initContainers/0' }]);
    expect(applyStrictly(pod, patch)).toEqual(mutatedPod());
    expect(mutatedPod().spec?.initContainers?.map(({ name }) => name)).toEqual([
      'bwki-populate',
      'mesh',
      'i',
    ]);
  });

  it('B39, B44: brings several steps to the front in their order, and a new one behind them', () => {
    const users = podOf([gpuContainer(), gpuContainer({ name: 'b', securityContext: { runAsUser: 5 } })]);
    const pod = since(users, ({ initContainers, containers }) => {
      (initContainers as object[]).unshift({ name: 'x' });
      (initContainers as object[]).splice(2, 0, { name: 'y' });
      (containers as object[]).push(gpuContainer({ name: 'c', securityContext: { runAsUser: 7 } }));
    });
    const { patch, mutatedPod } = mutated(pod);
    expect(applyStrictly(pod, patch)).toEqual(mutatedPod());
    expect(mutatedPod().spec?.initContainers?.map(({ name }) => name)).toEqual([
      'bwki-populate',
      'bwki-populate-2',
      'bwki-populate-3',
      'x',
      'y',
    ]);
    expect(mutated(mutatedPod()).patch).toEqual([]);
  });

  it('B44: serves a GPU container that came since, by the step of its user', () => {
    const pod = since(gpuPod(), ({ containers }) => {
      (containers as object[]).push(gpuContainer({ name: 'late' }));
    });
    const { patch, mutatedPod, units } = mutated(pod);
    expect(patch.filter(({ path }) => !path.startsWith('/spec/containers/1/'))).toEqual([
      { op: 'add', path: '/spec/initContainers/0/args/-', value: '--container=late' },
    ]);
    expect(units).toBe(100n);
    expect(applyStrictly(pod, patch)).toEqual(mutatedPod());
    expect(mutated(mutatedPod()).patch).toEqual([]);
  });

  it('B44: one whose step has lost its args gets them', () => {
    const pod = since(gpuPod(), ({ initContainers }) => {
      Object.assign((initContainers as object[])[0] ?? {}, { args: null });
    });
    const outcome = mutatePod(pod, policyOf());
    expect(outcome.ok ? [] : outcome.error.map(({ code }) => code)).toEqual(['MUTATION_CLIENT_CHANGED']);
  });

  it('B44: a container stays with the step that names it, though another webhook changed its user', () => {
    const pod = since(gpuPod(), ({ containers }) => {
      Object.assign((containers as object[])[0] ?? {}, { securityContext: { runAsNonRoot: true } });
    });
    expect(mutated(pod).patch).toEqual([]);
  });

  it('B44: a later container cannot have another client than the pod', () => {
    const pod = since(gpuPod(), ({ containers }) => {
      (containers as object[]).push(gpuContainer({ name: 'late' }));
    });
    const other = { ...pod.metadata?.annotations, 'bitfusion-client/version': '401' };
    const outcome = mutatePod({ ...pod, metadata: { annotations: other } }, policyOf());
    expect(outcome.ok ? [] : outcome.error.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'MUTATION_CLIENT_CHANGED spec.initContainers[0].args',
    ]);
    // Without a later container the pod is whole as it is.
    const { patch } = mutated({ ...mutated(gpuPod()).mutatedPod(), metadata: { annotations: other } });
    expect(patch).toEqual([]);
  });

  it('B42, B44: knows its volumes by the step, or by a container, of an earlier mutation', () => {
    const withoutStep = since(gpuPod(), (spec) => {
      spec.initContainers = [];
    });
    expect(mutated(withoutStep).patch.map(({ path }) => path)).toEqual(['/spec/initContainers/0']);
    const withoutContainer = since(gpuPod(), (spec) => {
      spec.containers = [gpuContainer({ name: 'other' })];
    });
    expect(mutated(withoutContainer).mutatedPod().spec?.volumes).toEqual(withoutContainer.spec?.volumes);
  });

  it('B44: puts back a volume that was taken away', () => {
    const pod = since(gpuPod(), (spec) => {
      delete spec.volumes;
    });
    const { patch, mutatedPod } = mutated(pod);
    expect(patch.map(({ path }) => path)).toEqual(['/spec/volumes']);
    expect(mutated(mutatedPod()).patch).toEqual([]);
  });
});
