import type { ContainerLike, PodLike, PodSpecLike } from '@bwki/spec-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { mutatePod, mutatePodTemplate, validatePod } from '../src/index.ts';
import { applyStrictly } from './apply-strictly.ts';
import { brokenPods, containers, gpuPods, policyConfigs } from './arbitrary-pod.ts';
import { changedPaths } from './changed-paths.ts';
import { policyOf } from './gpu-pod.ts';
import { effectiveUnits, podResources } from './kubernetes-resources.ts';

const runs = { numRuns: 400 };

describe('for every pod', { timeout: 120_000 }, () => {
  it('B43: the patch, applied strictly by another library, gives the mutated pod', () => {
    fc.assert(
      fc.property(gpuPods, policyConfigs, (pod, config) => {
        const outcome = mutatePod(pod, policyOf(config));
        if (!outcome.ok) return;
        expect(applyStrictly(pod, outcome.value.patch)).toEqual(outcome.value.mutatedPod());
      }),
      runs,
    );
  });

  it('B44: a second mutation finds nothing to do, and the same units', () => {
    fc.assert(
      fc.property(gpuPods, policyConfigs, (pod, config) => {
        const policy = policyOf(config);
        const first = mutatePod(pod, policy);
        if (!first.ok) return;
        const second = mutatePod(first.value.mutatedPod(), policy);
        expect(second.ok && [second.value.patch, second.value.units]).toEqual([[], first.value.units]);
      }),
      runs,
    );
  });

  it('B44: what another webhook added since is served as well, and nothing more than once', () => {
    const added = fc.record({
      before: containers('b', 0, true),
      init: containers('j', 0, true),
      late: containers('l', 0, false),
    });
    fc.assert(
      fc.property(gpuPods, policyConfigs, added, (pod, config, { before, init, late }) => {
        const policy = policyOf(config);
        const first = mutatePod(pod, policy);
        if (!first.ok) return;
        const mutated = first.value.mutatedPod();
        const changed = {
          ...mutated,
          spec: {
            ...mutated.spec,
            initContainers: [...before, ...(mutated.spec?.initContainers ?? []), ...init],
            containers: [...(mutated.spec?.containers ?? []), ...late],
          },
        };
        const second = mutatePod(changed, policy);
        if (!second.ok) return;
        const after = second.value.mutatedPod();
        expect(applyStrictly(changed, second.value.patch)).toEqual(after);
        expect(effectiveUnits(after)).toBe(second.value.units);
        expect(podResources(after)).toEqual(podResources(withoutSteps(changed)));
        expect(validatePod(after, policy).errors).toEqual([]);
        const third = mutatePod(after, policy);
        expect(third.ok && third.value.patch).toEqual([]);
        const names = after.spec.initContainers.map(({ name }) => name ?? '');
        const steps = names.filter((name) => name.startsWith('bwki-populate'));
        expect(names.slice(0, steps.length)).toEqual(steps);
        expect(new Set(steps).size).toBe(steps.length);
      }),
      runs,
    );
  });

  it('B39: its QoS class and what the scheduler looks for stay, but for the units', () => {
    fc.assert(
      fc.property(gpuPods, policyConfigs, (pod, config) => {
        const outcome = mutatePod(pod, policyOf(config));
        if (!outcome.ok) return;
        const after = outcome.value.mutatedPod();
        expect(podResources(after)).toEqual(podResources(pod));
        expect(effectiveUnits(after)).toBe(outcome.value.units);
      }),
      runs,
    );
  });

  it('B53: a mutated pod is valid', () => {
    fc.assert(
      fc.property(gpuPods, policyConfigs, (pod, config) => {
        const policy = policyOf(config);
        const outcome = mutatePod(pod, policy);
        if (!outcome.ok) return;
        expect(validatePod(outcome.value.mutatedPod(), policy).errors).toEqual([]);
      }),
      runs,
    );
  });

  it('B15, B43: nothing but what the contract names changes', () => {
    fc.assert(
      fc.property(gpuPods, policyConfigs, (pod, config) => {
        const outcome = mutatePod(pod, policyOf(config));
        if (!outcome.ok) return;
        const after = outcome.value.mutatedPod();
        const changed = changedPaths(pod, withoutSteps(after));
        const asked = outcome.value.containers.map(({ ref }) => `/spec/${ref.list}/${ref.index}/`);
        expect(changed.filter((path) => !isOurs(path, pod, asked))).toEqual([]);
      }),
      runs,
    );
  });

  it('B43, B45: a template of it is mutated in the same way', () => {
    fc.assert(
      fc.property(gpuPods, policyConfigs, (pod, config) => {
        const { metadata, spec } = pod;
        const template = { metadata, spec };
        const object = {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          spec: { jobTemplate: { spec: { template } } },
        };
        const policy = policyOf(config);
        const outcome = mutatePodTemplate(object, policy);
        const ofPod = mutatePod(template as PodLike, policy);
        expect(outcome.ok).toBe(ofPod.ok);
        if (!outcome.ok || !ofPod.ok) return;
        const mutated = outcome.value.mutatedObject();
        expect(mutated.spec.jobTemplate.spec.template).toEqual(ofPod.value.mutatedPod());
        expect(applyStrictly(object, outcome.value.patch)).toEqual(mutated);
      }),
      runs,
    );
  });
});

describe('for every JSON value', { timeout: 120_000 }, () => {
  // By way of its text, since the library that applies patches takes that way too: there is no -0 in it.
  const anything = fc
    .oneof({ weight: 9, arbitrary: brokenPods }, { weight: 1, arbitrary: fc.jsonValue() })
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

  it('nothing is thrown, and what is mutated is mutated rightly', () => {
    fc.assert(
      fc.property(anything, policyConfigs, (value, config) => {
        const pod = value as PodLike;
        const policy = policyOf(config);
        validatePod(pod, policy);
        mutatePodTemplate({ apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: value } }, policy);
        const outcome = mutatePod(pod, policy);
        if (!outcome.ok) {
          expect(outcome.error.length).toBeGreaterThan(0);
          return;
        }
        const { patch, mutatedPod } = outcome.value;
        expect(applyStrictly(pod, patch)).toEqual(mutatedPod());
        const second = mutatePod(mutatedPod(), policy);
        expect(second.ok && second.value.patch).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});

/** The pod without our init containers, so that those of the user have their index again. */
function withoutSteps(pod: PodLike): PodLike {
  const { initContainers, ...rest } = pod.spec ?? {};
  if (initContainers === undefined) return pod;
  const own = initContainers.filter(({ name }) => name?.startsWith('bwki-populate') !== true);
  // A list that is there only for our steps is a change of its own.
  const isNew = own.length === 0 && initContainers.length > 0;
  const spec: PodSpecLike = isNew ? rest : { ...rest, initContainers: own };
  return { ...pod, spec };
}

function isOurs(path: string, before: PodLike, asked: readonly string[]): boolean {
  const isAppended = (list: string, length: number): boolean =>
    path === list || (path.startsWith(`${list}/`) && Number(path.slice(list.length + 1)) >= length);
  const { volumes = [], imagePullSecrets = [], initContainers } = before.spec ?? {};
  if (path === '/metadata/annotations/auto-management~1status') return true;
  if (isAppended('/spec/volumes', volumes.length)) return true;
  if (isAppended('/spec/imagePullSecrets', imagePullSecrets.length)) return true;
  if (path === '/spec/initContainers') return initContainers?.length === 0;
  const place = asked.find((prefix) => path.startsWith(prefix));
  if (place === undefined) return false;
  const [, , list = '', index = ''] = place.split('/');
  const container = before.spec?.[list as 'containers']?.[Number(index)] ?? {};
  return isOursOfContainer(path.slice(place.length), container);
}

function isOursOfContainer(path: string, { env = [], volumeMounts = [] }: ContainerLike): boolean {
  const [field = '', index = '', part] = path.split('/');
  switch (field) {
    case 'command':
      return true;
    case 'resources':
      return /^resources\/(limits|requests)(\/bitfusion\.io~1[a-z-]+)?$/.test(path);
    case 'volumeMounts':
      return index === '' || Number(index) >= volumeMounts.length;
    case 'env':
      // Behind a moved LD_LIBRARY_PATH all indices shift (B37).
      return (
        index === '' ||
        Number(index) >= env.length ||
        env.some(({ name }) => name === 'LD_LIBRARY_PATH') ||
        part === 'value'
      );
    default:
      return false;
  }
}
