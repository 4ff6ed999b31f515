import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createCertificateAuthority, poll, type ControlPlane } from '../harness/index.ts';
import { startBalancer, type ConnectionBalancer } from './support/connection-balancer.ts';
import { gpuPod, isInjected } from './support/gpu-pod.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';
import { registerWebhook } from './support/webhook-on-cluster.ts';

const webhookMain = join(import.meta.dirname, '../../apps/webhook/src/main.ts');
/** How long an endpoint that is unready may still be sent connections. */
const endpointLagMs = 200;
const restarts = 3;

describe.runIf(hasOwnControlPlane())('webhook: replaced while pods are created', () => {
  let plane: ControlPlane;
  let balancer: ConnectionBalancer;
  let registered: AsyncDisposable;
  let args: readonly string[];
  let namespace: string;

  beforeAll(async () => {
    plane = await ownControlPlane({ controllers: false });
    namespace = await plane.createNamespace('drills');
    balancer = await startBalancer();
    const authority = await createCertificateAuthority();
    const { cert, key } = await authority.issueServing(['localhost'], ['127.0.0.1']);
    const [certFile, keyFile] = [join(plane.directory, 'webhook.crt'), join(plane.directory, 'webhook.key')];
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
    const ports = ['--host', '127.0.0.1', '--port', '0', '--healthPort', '0'];
    args = [...ports, '--tlsCertFile', certFile, '--tlsKeyFile', keyFile, '--drainSeconds', '1'];
    registered = await registerWebhook(plane, {
      url: `https://127.0.0.1:${balancer.port}`,
      caBundle: authority.cert,
    });
  });
  afterAll(async () => {
    await registered[Symbol.asyncDispose]();
    await balancer[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  const start = (more: readonly string[]): Promise<ServerProcess> =>
    startServer(webhookMain, [...args, ...more], { TOTAL_GPU_MEMORY: '16000' });

  it.each([
    ['HTTP/1.1', []],
    ['HTTP/2', ['--http2']],
  ])(
    'B55: SIGTERM under load over %s: no pod is refused, and each replica ends with 0',
    async (_, more) => {
      let replicas = [await start(more), await start(more)];
      const use = (): void => {
        balancer.use(replicas.map(({ port }) => port));
      };
      use();
      const failures: string[] = [];
      let created = 0;
      let isOver = false;
      const create = async (): Promise<void> => {
        while (!isOver) {
          try {
            const { body } = await plane.api.create(gpuPod({ namespace }));
            if (!isInjected(body)) failures.push('not injected');
            created += 1;
          } catch (error) {
            failures.push(String(error));
          }
        }
      };
      const creation = gpuPod({ namespace });
      await poll(async () => (isInjected((await plane.api.create(creation)).body) ? true : undefined), {
        what: 'the webhook to be called',
        within: 20_000,
      });
      const creating = Promise.all(Array.from({ length: 6 }, create));
      const codes: (number | null)[] = [];
      try {
        for (let restart = 0; restart < restarts; restart += 1) {
          const [old, ...others] = replicas;
          if (old === undefined) throw new Error('there is no replica');
          const ended = old.end('SIGTERM');
          await delay(endpointLagMs);
          replicas = others;
          use();
          codes.push(await ended);
          expect(old.lastLine()).toContain('"closed"');
          replicas = [...others, await start(more)];
          use();
        }
      } finally {
        isOver = true;
        await creating;
        for (const replica of replicas) await replica[Symbol.asyncDispose]();
      }
      console.log(`${restarts} restarts, ${created} pods created`);
      expect(failures).toEqual([]);
      expect(codes).toEqual(Array(restarts).fill(0));
      expect(created).toBeGreaterThan(10 * restarts);
    },
    240_000,
  );
});
