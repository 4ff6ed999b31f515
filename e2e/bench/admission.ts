/**
 * What admission costs a real API server: pods a second, and how long a creation takes, with no webhook, with one that
 * allows all, with one that answers a fixed patch of the size of ours, and with ours over HTTP/1.1 and HTTP/2. One
 * process each, in turns, so that what disturbs one disturbs all. Run it by `make bench-cluster`.
 */
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

import { createPolicy, mutatePod } from '@bwki/pod-mutator';
import { webhookConfigurations } from '@bwki/webhook';

import { poll, type ApiObject } from '../harness/index.ts';
import { webhookMain, type BenchPlane } from './bench-plane.ts';
import { notebookPod } from './notebook-pod.ts';
import { median, PodLoad, quantile, type LoadResult } from '../test/support/pod-load.ts';
import { cpuMilliseconds } from '../test/support/process-usage.ts';
import { startServer, type ServerProcess } from '../test/support/server-process.ts';

const connections = 16;
const rounds = 15;
const podsPerRound = 200;
const warmUpPods = 2 * podsPerRound;

/** A way for a pod, and what it came to in each round. */
interface Variant {
  readonly name: string;
  readonly namespace: string;
  readonly webhook: ServerProcess | undefined;
  readonly dry: Measured[];
  readonly real: Measured[];
}

/** Milliseconds of CPU are those of one pod. */
interface Measured extends LoadResult {
  readonly apiServerCpu: number;
  readonly webhookCpu: number;
}

/** Sends the pods of one namespace to a webhook, as ours is configured otherwise. */
async function register({ plane, caBundle }: BenchPlane, namespace: string, url: string): Promise<void> {
  const { mutating } = webhookConfigurations({ address: { kind: 'url', url }, hasMatchConditions: true });
  const [webhook] = mutating.webhooks ?? [];
  await plane.api.create({
    ...mutating,
    metadata: { name: namespace },
    webhooks: [
      {
        ...webhook,
        clientConfig: { url: webhook?.clientConfig.url, caBundle },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      },
    ],
  } as unknown as ApiObject);
}

async function isCalled({ plane }: BenchPlane, namespace: string): Promise<true | undefined> {
  const { body } = await plane.api.create(
    { ...notebookPod, metadata: { ...notebookPod.metadata, namespace } },
    { dryRun: true },
  );
  return body.metadata.annotations?.['auto-management/status'] === 'injected' ? true : undefined;
}

/** The patch that ours makes for the pod as the API server sends it. */
async function writePatch({ plane, directory }: BenchPlane, namespace: string): Promise<string> {
  const sent = { ...notebookPod, metadata: { ...notebookPod.metadata, namespace } };
  const { body } = await plane.api.create(sent, { dryRun: true });
  const policy = createPolicy({ totalGpuMemory: 16000 });
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  const mutation = mutatePod(body, policy.value);
  if (!mutation.ok) throw new Error(JSON.stringify(mutation.error));
  const text = JSON.stringify(mutation.value.patch);
  console.log(`pod ${JSON.stringify(body).length} bytes, patch ${text.length} bytes`);
  const file = join(directory, 'patch.json');
  await writeFile(file, text);
  return file;
}

function show(
  title: string,
  variants: readonly Variant[],
  results: (variant: Variant) => readonly Measured[],
): void {
  console.log(title);
  const fixed = variants.find(({ name }) => name === 'fixed patch');
  const base = fixed === undefined ? [] : results(fixed);
  for (const variant of variants) {
    const all = results(variant);
    const rates = all.map(({ perSecond }) => perSecond);
    const latencies = all.flatMap((result) => result.latencies).sort((a, b) => a - b);
    const ratio = median(rates.map((rate, round) => rate / (base[round]?.perSecond ?? Number.NaN)));
    const cpu = (whose: 'apiServerCpu' | 'webhookCpu'): string =>
      median(all.map((one) => one[whose])).toFixed(2);
    console.log(
      `  ${variant.name.padEnd(20)} ${median(rates).toFixed(0).padStart(5)} pods/s  p50 ${quantile(latencies, 0.5).toFixed(1).padStart(6)} ms  p99 ${quantile(latencies, 0.99).toFixed(1).padStart(6)} ms  ${ratio.toFixed(2)} of the fixed patch; CPU ms a pod: API server ${cpu('apiServerCpu')}, webhook ${cpu('webhookCpu')}`,
    );
  }
}

export async function benchAdmission(bench: BenchPlane): Promise<void> {
  const { plane, certFile, keyFile } = bench;
  const variants: Variant[] = [];
  await using servers = new AsyncDisposableStack();

  async function add(name: string, start?: () => Promise<ServerProcess>): Promise<string> {
    const namespace = await plane.createNamespace(name.replaceAll(/[^a-z0-9]/g, '-'));
    const webhook = start === undefined ? undefined : servers.use(await start());
    if (webhook !== undefined) await register(bench, namespace, webhook.url);
    variants.push({ name, namespace, webhook, dry: [], real: [] });
    return namespace;
  }

  const plain = join(import.meta.dirname, 'plain-webhook.ts');
  const ours = (...protocol: string[]): (() => Promise<ServerProcess>) => {
    const options = ['--host', '127.0.0.1', '--port', '0', '--healthPort', '0', ...protocol];
    const tls = ['--tlsCertFile', certFile, '--tlsKeyFile', keyFile];
    return () => startServer(webhookMain, [...options, ...tls], { TOTAL_GPU_MEMORY: '16000' });
  };
  const without = await add('no webhook');
  await add('allow all', () => startServer(plain, [certFile, keyFile]));
  const patchFile = await writePatch(bench, without);
  await add('fixed patch', () => startServer(plain, [certFile, keyFile, patchFile]));
  await add('ours, http/1.1', ours());
  await add('ours, http/2', ours('--http2'));
  for (const { name, namespace } of variants.slice(2)) {
    await poll(() => isCalled(bench, namespace), { what: `${name} to be called`, within: 20_000 });
  }

  using load = await PodLoad.open(plane.kubeconfigPath, connections);
  const [, apiServer = 0] = plane.pids;

  async function measure({ namespace, webhook }: Variant, dryRun: boolean): Promise<Measured> {
    const cpuOf = (pid = 0): number => (pid === 0 ? 0 : cpuMilliseconds(pid));
    const before = [cpuOf(apiServer), cpuOf(webhook?.pid)] as const;
    const result = await load.run(notebookPod, [namespace], podsPerRound, dryRun);
    const [ofApiServer, ofWebhook] = [cpuOf(apiServer) - before[0], cpuOf(webhook?.pid) - before[1]];
    return { ...result, apiServerCpu: ofApiServer / podsPerRound, webhookCpu: ofWebhook / podsPerRound };
  }

  for (const { namespace } of variants) await load.run(notebookPod, [namespace], warmUpPods, true);
  for (let round = 0; round < rounds; round += 1) {
    // Who comes first changes, since what comes after a pause is slower.
    const turn = [...variants.slice(round % variants.length), ...variants.slice(0, round % variants.length)];
    for (const variant of turn) variant.dry.push(await measure(variant, true));
    for (const variant of turn) variant.real.push(await measure(variant, false));
  }
  console.log(
    `${cpus()[0]?.model.trim() ?? 'unknown CPU'} x ${cpus().length}, load ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.version}; ${rounds} rounds of ${podsPerRound} pods, ${connections} at once`,
  );
  show('dry run', variants, ({ dry }) => dry);
  show('created', variants, ({ real }) => real);
}
