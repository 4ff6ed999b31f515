import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ApiError, poll, type ApiObject, type Cluster } from '../harness/index.ts';
import { examples, goldens } from './support/manifests.ts';
import { mutatedPods } from './support/mutated-pods.ts';
import { hasOwnControlPlane, openCluster } from './support/open-cluster.ts';
import { createServiceAccounts, inNamespace, nameless } from './support/pod-in-namespace.ts';

const cases = [...examples(), ...goldens()].flatMap(mutatedPods);
const named = cases.map((one) => [one.name, one] as const);
const pods = cases.flatMap(({ before, after }) => [before, after]);

let cluster: Cluster & AsyncDisposable;
beforeAll(async () => {
  cluster = await openCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

/** A namespace where every case's service account is there. */
async function namespaceFor(stem: string, labels: Readonly<Record<string, string>> = {}): Promise<string> {
  const namespace = await cluster.createNamespace(stem, { labels });
  await createServiceAccounts(cluster, pods, namespace);
  return namespace;
}

/** The pod as it would be stored, or why it is refused. Unknown fields are refused too. */
async function admit(pod: ApiObject, namespace: string, dryRun: boolean): Promise<ApiObject | ApiError> {
  try {
    return (await cluster.api.create(nameless(inNamespace(pod, namespace)), { dryRun })).body;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

const reasonOf = (answer: ApiObject | ApiError): string | undefined =>
  answer instanceof ApiError ? answer.message : undefined;

interface PodStatus {
  readonly qosClass?: string;
}

describe('B43: what the mutation makes is a pod to the API server', () => {
  let namespace: string;
  beforeAll(async () => {
    namespace = await namespaceFor('plain');
  });

  it('has the examples and at least 40 cases more', () => {
    expect(cases.filter(({ name }) => name.startsWith('example')).length).toBeGreaterThanOrEqual(19);
    expect(cases.filter(({ name }) => name.startsWith('golden')).length).toBeGreaterThanOrEqual(40);
  });

  it.each(named)('%s', async (_name, { before, after }) => {
    expect(reasonOf(await admit(before, namespace, true))).toBeUndefined();
    expect(reasonOf(await admit(after, namespace, true))).toBeUndefined();
  });

  it.each(named)('B39: %s keeps its QoS class', async (_name, { before, after }) => {
    const [was, is] = await Promise.all([before, after].map((pod) => admit(pod, namespace, true)));
    const qosClass = (answer: ApiObject | ApiError | undefined): string | undefined =>
      answer === undefined || answer instanceof ApiError
        ? undefined
        : (answer['status'] as PodStatus).qosClass;
    expect(qosClass(is)).toBe(qosClass(was));
    expect(qosClass(is)).toMatch(/^(Guaranteed|Burstable|BestEffort)$/);
  });
});

describe.each(['baseline', 'restricted'])('B39: Pod Security %s', (level) => {
  it('admits each mutated pod whose original it admits', async () => {
    const namespace = await namespaceFor(level, { 'pod-security.kubernetes.io/enforce': level });
    const admitted: string[] = [];
    const refused: string[] = [];
    for (const { name, before, after } of cases) {
      if ((await admit(before, namespace, true)) instanceof ApiError) continue;
      const reason = reasonOf(await admit(after, namespace, true));
      if (reason === undefined) admitted.push(name);
      else refused.push(`${name}: ${reason}`);
    }
    expect(refused).toEqual([]);
    expect(admitted).toContain('example non-root.yaml: Pod bf-non-root');
  });
});

/** What a quota can count; each makes every container name its own (cpu and memory) or counts what is there. */
const quotaResources = ['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [
  `requests.${name}`,
  `limits.${name}`,
]);

// These create pods, which is for a cluster of our own.
describe.runIf(hasOwnControlPlane())('B39: effective requests as a ResourceQuota counts them', () => {
  const quotaName = 'everything';

  async function quotaNamespace(resource: string): Promise<string> {
    const namespace = await namespaceFor('quota');
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: quotaName, namespace },
      spec: { hard: { [resource]: '1P' } },
    };
    await cluster.api.create(quota);
    await poll(async () => ((await used(namespace, resource)) === undefined ? undefined : true), {
      what: 'the quota to be counted',
      within: 15_000,
    });
    return namespace;
  }

  async function used(namespace: string, resource: string): Promise<string | undefined> {
    const quota = await cluster.api.read({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: quotaName, namespace },
    });
    return (quota['status'] as { used?: Record<string, string> } | undefined)?.used?.[resource];
  }

  it.each(quotaResources)('%s is the same before and after, and asked of nobody anew', async (resource) => {
    const originals = await quotaNamespace(resource);
    const mutated = await quotaNamespace(resource);
    const differences: string[] = [];
    let counted = 0;
    for (const { name, before, after } of cases) {
      if ((await admit(before, originals, false)) instanceof ApiError) continue;
      counted += 1;
      const reason = reasonOf(await admit(after, mutated, false));
      // Both only grow, so the sums so far tell of this pod.
      const [was, is] = await Promise.all([originals, mutated].map((namespace) => used(namespace, resource)));
      if (reason !== undefined || was !== is) {
        differences.push(`${name}: ${reason ?? `${was ?? ''} became ${is ?? ''}`}`);
      }
      if (differences.length > 0) break;
    }
    expect(differences).toEqual([]);
    expect(counted).toBeGreaterThan(0);
  });
});
