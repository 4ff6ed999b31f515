import { createLog, objectNames, rbacObjects, standaloneOptions, startWebhook } from '@bwki/webhook';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { gpuPod } from './support/gpu-pod.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { refusalOf } from './support/refusal-of.ts';
import { registerWebhook } from './support/webhook-on-cluster.ts';

const resource = 'bitfusion.io/gpu';
const graceMs = 500;

describe.runIf(hasOwnControlPlane())('B53: what the nodes offer, with the shipped role', () => {
  let plane: ControlPlane;
  let kubeconfig: string;
  let namespace: string;
  const started = new AsyncDisposableStack();
  const log: string[] = [];

  beforeAll(async () => {
    plane = started.use(await ownControlPlane({ controllers: false }));
    namespace = await plane.createNamespace('offers');
    await plane.createNamespace(objectNames.namespace, { exact: true });
    const rbac = rbacObjects({ tokenSecrets: [], ownCertificates: false, resourceOffers: true });
    for (const object of Object.values(rbac)) await plane.api.create(object as ApiObject);
    kubeconfig = await plane.serviceAccountKubeconfig(objectNames.namespace, objectNames.deployment);
    const webhook = started.use(await start());
    started.use(await registerWebhook(plane, webhook));
  });
  afterAll(() => started.disposeAsync());
  beforeEach(async () => {
    for (const name of await nodeNames()) await plane.api.remove(nodeOf(name));
  });

  function start(): ReturnType<typeof startWebhook> {
    return startWebhook(
      { ...standaloneOptions, resourceOffers: { kubeconfig, graceMs } },
      { log: createLog('info', { write: (line) => log.push(line) }) },
    );
  }

  function nodeOf(name: string): ApiObject {
    return { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  }

  async function nodeNames(): Promise<readonly string[]> {
    return (await plane.api.list(nodeOf(''))).map(({ metadata: { name = '' } }) => name);
  }

  /** As a kubelet does: the node, and then what it has. */
  async function offer(name: string, capacity: Record<string, string>): Promise<void> {
    if (!(await nodeNames()).includes(name)) await plane.api.create(nodeOf(name));
    const path = `/api/v1/nodes/${name}/status`;
    await plane.api.send('PATCH', path, { status: { capacity } }, 'application/merge-patch+json');
  }

  const refusal = (): Promise<string> =>
    plane.api.create(gpuPod({ namespace }), { dryRun: true }).then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
  const untilTaken = (): Promise<true> =>
    poll(async () => ((await refusal()) === '' ? true : undefined), { what: 'pods to pass', within: 5000 });
  const untilRefused = (): Promise<true> =>
    poll(async () => ((await refusal()) === '' ? undefined : true), { what: 'a refusal', within: 5000 });

  it('refuses a pod of a cluster in which no node has it, and says what to look at', async () => {
    await offer('bare', { cpu: '8' });
    await untilRefused();
    const { code, message } = await refusalOf(plane.api.create(gpuPod({ namespace })));
    expect(code).toBe(422);
    expect(message).toMatch(/no node offers bitfusion\.io\/gpu.*\(ADMISSION_RESOURCE_NOT_OFFERED\)/);
  });

  it('takes pods as soon as a node has it, and until the last one has lost it', async () => {
    await untilRefused();
    await offer('first', { [resource]: '1000' });
    await untilTaken();
    await offer('second', { [resource]: '1000' });
    await offer('first', { [resource]: '0' });
    await plane.api.create(gpuPod({ namespace }));
    await offer('second', { [resource]: '0' });
    expect(await refusal()).toBe('');
    await untilRefused();
  });

  it('takes pods while devices are unhealthy, as in an outage of the pool or a rollout of the plugin', async () => {
    await offer('only', { [resource]: '1000' });
    const status = { allocatable: { [resource]: '0' } };
    await plane.api.send('PATCH', '/api/v1/nodes/only/status', { status }, 'application/merge-patch+json');
    await untilTaken();
    await new Promise((resolve) => setTimeout(resolve, 2 * graceMs));
    expect(await refusal()).toBe('');
  });

  it('refuses pods when the only node has gone', async () => {
    await offer('only', { [resource]: '1000' });
    await untilTaken();
    await plane.api.remove(nodeOf('only'));
    await untilRefused();
  });

  it('reads more nodes than a page of the list has', async () => {
    for (let i = 0; i < 120; i += 1) await plane.api.create(nodeOf(`node-${String(i).padStart(3, '0')}`));
    await offer('node-119', { [resource]: '1' });
    await using late = await start();
    const metric = async (): Promise<true | undefined> => {
      const text = await (await fetch(`${late.healthUrl}/metrics`)).text();
      return text.includes(`bwki_offering_nodes{resource="${resource}"} 1`) ? true : undefined;
    };
    await poll(metric, { what: 'the metric', within: 10_000 });
  });

  it('B58: with list and watch of nodes, both of them used, and nothing else', async () => {
    const events = (await plane.auditLog()).filter(({ userAgent }) => userAgent === 'bwki-webhook');
    const denied = events.filter(
      ({ annotations }) => annotations?.['authorization.k8s.io/decision'] === 'forbid',
    );
    expect(denied).toEqual([]);
    expect(
      [...new Set(events.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource ?? ''}`))].sort(),
    ).toEqual(['list nodes', 'watch nodes']);
  });

  it('finds an API server again that has restarted, with what happened meanwhile', async () => {
    await offer('only', { [resource]: '1000' });
    await untilTaken();
    await plane.restartApiServer();
    await plane.api.remove(nodeOf('only'));
    await poll(async () => ((await refusal()).includes('NOT_OFFERED') ? true : undefined), {
      what: 'a refusal',
      within: 20_000,
    });
    expect(log.join('')).toContain('nodes are watched again');
  });
});
