/** Policies of `@bwki/spec-parser/cel` on the API server's own CEL, held against quota-calc. */
import { parseTotalGpuMemory, podUnits } from '@bwki/quota-calc';
import { defaultCatalog, parsePod } from '@bwki/spec-parser';
import { policyKinds, unitsPolicy, type PolicyKind } from '@bwki/spec-parser/cel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ApiError, inParallel, poll, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { arbitraryGpuSpec, type ArbitraryPodSpec } from './support/arbitrary-gpu-spec.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { soakLength } from './support/soak-length.ts';

const totalGpuMemory = 16_000;
const maxUnits = 700n;
const annotations = { 'auto-management/bitfusion': 'injection' };
const totalMemory = parseTotalGpuMemory(totalGpuMemory);

/** What quota-calc says of a pod: its units, or undefined where a request is faulty. */
function countedUnits({ initContainers, containers }: ArbitraryPodSpec): bigint | undefined {
  if (!totalMemory.ok) throw new Error('the test sets the memory of a GPU');
  const pod = { metadata: { annotations }, spec: { initContainers, containers } };
  const { request, errors } = parsePod(pod, { catalog: defaultCatalog, totalMemory: totalMemory.value });
  if (errors.length > 0) return undefined;
  const asked = new Map(request?.containers.map(({ ref, units }) => [ref.name, units]));
  const unitsOf = ({ name, resources }: ArbitraryPodSpec['containers'][number]): bigint =>
    asked.get(name) ?? BigInt(resources.limits['bitfusion.io/gpu'] ?? '0');
  return podUnits({
    initContainers: initContainers.map((one) => ({
      units: unitsOf(one),
      sidecar: one.restartPolicy === 'Always',
    })),
    containers: containers.map((one) => ({ units: unitsOf(one) })),
  });
}

describe.runIf(hasOwnControlPlane())('B95: units in CEL', () => {
  let plane: ControlPlane;
  let namespace: string;

  beforeAll(async () => {
    plane = await ownControlPlane();
    namespace = await plane.createNamespace('capped');
    await plane.api.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cap', namespace },
      data: { maxUnits: String(maxUnits) },
    });
    for (const [name, kind] of Object.entries(policyKinds)) await bindPolicy(name.toLowerCase(), kind);
    for (const kind of ['Pod', 'Deployment', 'CronJob'] as const) {
      await poll(async () => ((await verdict(kind, tooMuch)) === undefined ? undefined : true), {
        what: `the policy of ${kind} to be in force`,
        within: 20_000,
      });
    }
  });
  afterAll(() => plane[Symbol.asyncDispose]());

  /** The limit of a Pod stands in a ConfigMap, that of the other kinds in the policy. */
  async function bindPolicy(name: string, kind: PolicyKind): Promise<void> {
    const isPod = kind === policyKinds.Pod;
    const policy = unitsPolicy({ name, kind, totalGpuMemory, maxUnits: isPod ? 'configMap' : maxUnits });
    const { body } = await plane.api.create(policy as unknown as ApiObject);
    await plane.api.create({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: {
        policyName: body.metadata.name,
        validationActions: ['Deny'],
        ...(isPod ? { paramRef: { name: 'cap', namespace, parameterNotFoundAction: 'Deny' } } : {}),
      },
    });
  }

  const tooMuch: ArbitraryPodSpec = {
    initContainers: [],
    containers: [{ name: 'c0', image: 'busybox', resources: { limits: { 'bitfusion.io/gpu-amount': '8' } } }],
  };

  /** The API server's refusal, by a dry run; undefined where it takes the object. */
  async function verdict(
    kind: 'Pod' | 'Deployment' | 'CronJob',
    spec: ArbitraryPodSpec,
  ): Promise<string | undefined> {
    try {
      await plane.api.create(objectOf(kind, spec, namespace), { dryRun: true });
      return undefined;
    } catch (error) {
      if (error instanceof ApiError) return error.message;
      throw error;
    }
  }

  const count = soakLength({ usual: 2000, soak: 20_000 });

  it(`of ${count} random pods and templates, the API server refuses those that quota-calc counts as too much`, async () => {
    const specs = fc.sample(arbitraryGpuSpec, { numRuns: count, seed: 95 });
    const kinds = ['Pod', 'Deployment', 'CronJob'] as const;
    const sums = { taken: 0, over: 0, faulty: 0 };
    const differences: string[] = [];
    await inParallel([...specs.entries()], 8, async ([index, spec]) => {
      const units = countedUnits(spec);
      const refusal = await verdict(kinds[index % kinds.length] ?? 'Pod', spec);
      const expected = units === undefined ? 'faulty' : units > maxUnits ? 'over' : 'taken';
      sums[expected] += 1;
      const isAsExpected =
        expected === 'taken'
          ? refusal === undefined
          : refusal !== undefined &&
            (expected === 'faulty' || refusal.includes(`takes ${units ?? ''} units`));
      if (!isAsExpected)
        differences.push(`${JSON.stringify(spec)}: ${expected} ${units ?? ''}, but: ${refusal ?? 'taken'}`);
    });
    console.log(JSON.stringify(sums));
    expect(differences).toEqual([]);
    expect(Math.min(sums.taken, sums.over, sums.faulty)).toBeGreaterThan(count / 20);
  }, 240_000);

  it('says what the pod takes and may take', async () => {
    expect(await verdict('Pod', tooMuch)).toContain(
      'spec: takes 800 units of bitfusion.io/gpu, and may take 700; 100 units are one GPU',
    );
  });

  it('stays within the cost limits of the API server with 60 init containers, half of them sidecars', async () => {
    const initContainers = Array.from({ length: 60 }, (_, index) => ({
      name: `i${index}`,
      image: 'busybox',
      ...(index % 2 === 0 ? { restartPolicy: 'Always' as const } : {}),
      resources: { limits: { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '1' } },
    }));
    expect(await verdict('Pod', { ...tooMuch, initContainers })).toContain('takes 830 units');
  });

  it('lets a workload from before the policy be scaled, and not be given more', async () => {
    const name = 'before';
    const policy = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
    };
    await plane.api.remove({ ...policy, metadata: { name: 'deployment' } });
    const deployment = { ...objectOf('Deployment', tooMuch, namespace), metadata: { name, namespace } };
    await poll(() => plane.api.create(deployment).catch(() => undefined), {
      what: 'no binding',
      within: 20_000,
    });
    await plane.api.create({
      ...policy,
      metadata: { name: 'deployment' },
      spec: { policyName: 'deployment', validationActions: ['Deny'] },
    });
    await poll(async () => ((await verdict('Deployment', tooMuch)) === undefined ? undefined : true), {
      what: 'the binding to be in force again',
      within: 20_000,
    });
    await plane.api.merge(deployment, { spec: { replicas: 0 } });
    const limits = { 'bitfusion.io/gpu-amount': '9' };
    const more = {
      spec: { template: { spec: { containers: [{ name: 'c0', image: 'busybox', resources: { limits } }] } } },
    };
    await expect(plane.api.merge(deployment, more)).rejects.toThrow('takes 900 units');
  });
});

function objectOf(
  kind: 'Pod' | 'Deployment' | 'CronJob',
  spec: ArbitraryPodSpec,
  namespace: string,
): ApiObject {
  const metadata = { generateName: 'random-', namespace };
  const labels = { app: 'random' };
  const template = { metadata: { labels, annotations }, spec };
  switch (kind) {
    case 'Pod':
      return { apiVersion: 'v1', kind, metadata: { ...metadata, annotations }, spec };
    case 'Deployment':
      return { apiVersion: 'apps/v1', kind, metadata, spec: { selector: { matchLabels: labels }, template } };
    case 'CronJob': {
      const job = { template: { ...template, spec: { ...spec, restartPolicy: 'Never' } } };
      return {
        apiVersion: 'batch/v1',
        kind,
        metadata,
        spec: { schedule: '0 0 * * *', jobTemplate: { spec: job } },
      };
    }
  }
}
