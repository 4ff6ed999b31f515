import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createCertificateAuthority, type ControlPlane } from '../../harness/index.ts';
import { startBalancer } from './connection-balancer.ts';
import { retainedBytes } from './heap-of-process.ts';
import { mainThreadMilliseconds, residentMemory } from './process-usage.ts';
import { startServer } from './server-process.ts';
import { registerWebhook } from './webhook-on-cluster.ts';
import { readSamples, type Samples } from './webhook-metrics.ts';

/** A replica of the webhook in a process of its own, which can be looked into. */
export interface MeasuredReplica {
  /** Of its `/metrics`. */
  samples(): Promise<Samples>;
  /** MB that it holds on to, all garbage having been collected. */
  retained(): Promise<number>;
  /** MB in memory. */
  resident(): number;
  /** Milliseconds of CPU that its JavaScript has had. */
  cpu(): number;
}

export interface MeasuredReplicas extends AsyncDisposable {
  readonly replicas: readonly MeasuredReplica[];
}

const program = join(import.meta.dirname, '../../../apps/webhook/src/main.ts');
/** Of their inspectors; the run's network is its own. */
const inspectorPorts = [9229, 9230];

/**
 * Two replicas behind one address, registered, with what the chart switches on: copies of the token and a look at the
 * nodes. Only certificates come as files. The API server calls them a moment later.
 */
export async function startMeasuredReplicas(
  plane: ControlPlane,
  kubeconfig: string,
): Promise<MeasuredReplicas> {
  await using started = new AsyncDisposableStack();
  const authority = await createCertificateAuthority();
  const { cert, key } = await authority.issueServing(['localhost'], ['127.0.0.1']);
  const [certFile, keyFile] = [join(plane.directory, 'webhook.crt'), join(plane.directory, 'webhook.key')];
  await writeFile(certFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  const args = [
    ...['--host', '127.0.0.1', '--port', '0', '--healthPort', '0', '--kubeconfig', kubeconfig],
    ...['--tlsCertFile', certFile, '--tlsKeyFile', keyFile, '--tokenCopies', '--resourceOffers'],
  ];
  const balancer = started.use(await startBalancer());
  const replicas: MeasuredReplica[] = [];
  const ports: number[] = [];
  for (const inspectorPort of inspectorPorts) {
    const server = await startServer(program, args, {
      TOTAL_GPU_MEMORY: '16000',
      NODE_OPTIONS: `--inspect=127.0.0.1:${inspectorPort} --inspect-publish-uid=http`,
    });
    started.use(server);
    ports.push(server.port);
    replicas.push({
      samples: () => readSamples(server.healthUrl ?? ''),
      retained: async () => (await retainedBytes(inspectorPort)) / 1e6,
      resident: () => residentMemory(server.pid),
      cpu: () => mainThreadMilliseconds(server.pid),
    });
  }
  balancer.use(ports);
  const url = `https://127.0.0.1:${balancer.port}`;
  started.use(await registerWebhook(plane, { url, caBundle: authority.cert }));
  const ended = started.move();
  return { replicas, [Symbol.asyncDispose]: () => ended.disposeAsync() };
}
