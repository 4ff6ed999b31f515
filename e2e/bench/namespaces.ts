/**
 * The webhook in a cluster of many namespaces that hold copies of the token: how long it takes to be ready, what memory
 * it needs, what a pod costs there, and how soon a new token is everywhere. Run it by `make bench-namespaces`.
 */
import { cpus, loadavg } from 'node:os';

import { webhookConfigurations } from '@bwki/webhook';

import { poll, type ApiObject } from '../harness/index.ts';
import { startServer, type ServerProcess } from '../test/support/server-process.ts';
import { putSource, secretOf, shippedAccount, tokenData } from '../test/support/token-copies.ts';
import { webhookMain, type BenchPlane } from './bench-plane.ts';
import { notebookPod } from './notebook-pod.ts';
import { PodLoad, quantile } from '../test/support/pod-load.ts';
import { residentMemory } from '../test/support/process-usage.ts';

const total = 5000;
const pods = 1000;
const atOnce = 16;

export async function benchNamespaces(bench: BenchPlane): Promise<void> {
  const { plane, certFile, keyFile } = bench;
  const kubeconfig = await shippedAccount(plane);
  await putSource(plane, 'first');

  function startOurs(): Promise<ServerProcess> {
    const ports = ['--host', '127.0.0.1', '--port', '0', '--healthPort', '18981'];
    const tls = ['--tlsCertFile', certFile, '--tlsKeyFile', keyFile];
    return startServer(webhookMain, [...ports, ...tls, '--tokenCopies', '--kubeconfig', kubeconfig], {
      TOTAL_GPU_MEMORY: '16000',
    });
  }

  /** Milliseconds until it would be sent pods. */
  async function readiness(begin: number): Promise<number> {
    const isReady = async (): Promise<true | undefined> =>
      (await fetch('http://127.0.0.1:18981/readyz')).status === 200 ? true : undefined;
    await poll(isReady, { what: 'the webhook to be ready', within: 120_000, every: 10 });
    return performance.now() - begin;
  }

  async function forEach(names: readonly string[], make: (name: string) => Promise<unknown>): Promise<void> {
    let next = 0;
    const work = async (): Promise<void> => {
      for (let name = names[next++]; name !== undefined; name = names[next++]) await make(name);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  async function isCurrent(version: string): Promise<true | undefined> {
    const wanted = JSON.stringify(tokenData(version));
    const { body } = await plane.api.send<{ items: readonly ApiObject[] }>(
      'GET',
      '/api/v1/secrets?fieldSelector=metadata.name%3Dbitfusion-secret',
    );
    const current = body.items.filter((secret) => JSON.stringify(secret['data']) === wanted);
    // The source is one of them.
    return current.length === total + 1 ? true : undefined;
  }

  using load = await PodLoad.open(plane.kubeconfigPath, atOnce);
  const names = Array.from({ length: total }, (_, index) => `team-${index}`);
  /** Those that pods are created in. */
  const used = names.slice(0, 200);
  let begin = performance.now();
  let few: string;
  {
    await using empty = await startOurs();
    const seconds = (await readiness(begin)) / 1000;
    few = `no copies: ready after ${seconds.toFixed(1)} s, ${residentMemory(empty.pid).toFixed(0)} MB`;
  }
  await forEach(names, async (name) => {
    await load.post(
      '/api/v1/namespaces',
      JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    );
    await load.post(`/api/v1/namespaces/${name}/secrets`, JSON.stringify(copyIn(name)));
  });
  // Pods need a service account, which no controller makes here.
  await forEach(used, (namespace) =>
    plane.api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } }),
  );
  console.log(`${total} namespaces with copies made in ${((performance.now() - begin) / 1000).toFixed(0)} s`);

  function copyIn(namespace: string): ApiObject {
    const secret = secretOf(namespace, tokenData('first'));
    const labels = { 'bwki.bitfusion.io/token-copy': 'true' };
    return { ...secret, metadata: { ...secret.metadata, labels } };
  }

  begin = performance.now();
  await using ours = await startOurs();
  const seconds = (await readiness(begin)) / 1000;
  const atStart = residentMemory(ours.pid);
  const { mutating } = webhookConfigurations({
    address: { kind: 'url', url: ours.url },
    hasMatchConditions: true,
  });
  const [webhook] = mutating.webhooks ?? [];
  await plane.api.create({
    ...mutating,
    webhooks: [{ ...webhook, clientConfig: { url: webhook?.clientConfig.url, caBundle: bench.caBundle } }],
  } as unknown as ApiObject);
  await poll(
    async () => {
      const sent = { ...notebookPod, metadata: { ...notebookPod.metadata, namespace: 'team-0' } };
      const { body } = await plane.api.create(sent, { dryRun: true });
      return body.metadata.annotations?.['auto-management/status'] === 'injected' ? true : undefined;
    },
    { what: 'the webhook to be called', within: 20_000 },
  );
  await load.run(notebookPod, used, 200, false);
  const one = await load.run(notebookPod, used.slice(0, 1), pods, false);
  const many = await load.run(notebookPod, used, pods, false);

  begin = performance.now();
  await putSource(plane, 'second');
  await poll(() => isCurrent('second'), { what: 'the new token everywhere', within: 600_000, every: 500 });
  const rotation = (performance.now() - begin) / 1000;

  console.log(
    `${cpus()[0]?.model.trim() ?? 'unknown CPU'} x ${cpus().length}, load ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}`,
  );
  console.log(few);
  console.log(
    `${total} copies: ready after ${seconds.toFixed(1)} s, ${atStart.toFixed(0)} MB, ${residentMemory(ours.pid).toFixed(0)} MB at the end`,
  );
  for (const [name, { perSecond, latencies }] of [
    ['in one namespace', one],
    [`in ${used.length} namespaces`, many],
  ] as const) {
    console.log(
      `pods ${name}: ${perSecond.toFixed(0)}/s, p50 ${quantile(latencies, 0.5).toFixed(1)} ms, p99 ${quantile(latencies, 0.99).toFixed(1)} ms`,
    );
  }
  console.log(`a new token was in all ${total} after ${rotation.toFixed(1)} s`);
}
