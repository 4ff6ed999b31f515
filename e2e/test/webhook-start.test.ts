import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import { objectNames, rbacObjects } from '@bwki/webhook';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  createCertificateAuthority,
  freePorts,
  poll,
  type ApiObject,
  type ControlPlane,
} from '../harness/index.ts';
import { gpuPod, isInjected } from './support/gpu-pod.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';
import { putSource, readSecret, tokenData, tokenSecret } from './support/token-copies.ts';
import { registerWebhook } from './support/webhook-on-cluster.ts';

const webhookMain = join(import.meta.dirname, '../../apps/webhook/src/main.ts');
/** How long it has to notice an API server that is there again: it asks ever more seldom. */
const recovery = 40_000;

describe.runIf(hasOwnControlPlane())('webhook: a start while the API server is down', () => {
  let plane: ControlPlane;
  let authority: Awaited<ReturnType<typeof createCertificateAuthority>>;
  let namespace: string;
  let args: readonly string[];
  let healthPort: number;

  beforeAll(async () => {
    plane = await ownControlPlane({ controllers: false });
    namespace = await plane.createNamespace('start');
    await plane.createNamespace(objectNames.namespace, { exact: true });
    const rbac = rbacObjects({ tokenSecrets: [tokenSecret], ownCertificates: true, resourceOffers: true });
    for (const object of Object.values(rbac)) await plane.api.create(object as ApiObject);
    const kubeconfig = await plane.serviceAccountKubeconfig(objectNames.namespace, objectNames.deployment);
    await putSource(plane, '1');
    await plane.api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } });
    const status = { capacity: { 'bitfusion.io/gpu': '1000' } };
    await plane.api.send('PATCH', '/api/v1/nodes/node/status', { status }, 'application/merge-patch+json');

    authority = await createCertificateAuthority();
    [healthPort = 0] = await freePorts(1);
    args = [
      ...['--host', '127.0.0.1', '--port', '0', '--healthPort', String(healthPort)],
      ...['--tokenCopies', '--resourceOffers', '--kubeconfig', kubeconfig, '--drainSeconds', '0'],
    ];
  });
  afterAll(() => plane[Symbol.asyncDispose]());

  async function health(path: string): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${healthPort}${path}`);
    return `${answer.status} ${await answer.text()}`;
  }

  /** Starts it with the API server down, and resolves with it and what it says until that is there again. */
  async function startMeanwhile(more: readonly string[], unready: string): Promise<ServerProcess> {
    let starting: Promise<ServerProcess> | undefined;
    await plane.restartApiServer({
      meanwhile: async () => {
        starting = startServer(webhookMain, [...args, ...more], { TOTAL_GPU_MEMORY: '16000' });
        await poll(() => health('/healthz'), { what: '/healthz', within: 20_000 });
        expect(await health('/healthz')).toBe('200 ok\n');
        expect(await health('/readyz')).toBe(`503 ${unready}\n`);
      },
    });
    const started = await starting;
    if (started === undefined) throw new Error('it was not started');
    await poll(async () => ((await health('/readyz')) === '200 ok\n' ? true : undefined), {
      what: '/readyz',
      within: recovery,
    });
    return started;
  }

  it('waits, healthy and not ready, and then mutates pods and copies the token', async () => {
    const { cert, key } = await authority.issueServing(['localhost'], ['127.0.0.1']);
    const [certFile, keyFile] = [join(plane.directory, 'webhook.crt'), join(plane.directory, 'webhook.key')];
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
    await using webhook = await startMeanwhile(
      ['--tlsCertFile', certFile, '--tlsKeyFile', keyFile],
      [
        'namespaces are not known yet',
        'secrets bitfusion-secret are not known yet',
        'the key of the token copies is not known yet',
      ].join('\n'),
    );
    await using stack = new AsyncDisposableStack();
    stack.use(await registerWebhook(plane, { url: webhook.url, caBundle: authority.cert }));
    const create = async (): Promise<true | undefined> =>
      isInjected((await plane.api.create(gpuPod({ namespace }))).body) ? true : undefined;
    await poll(create, { what: 'a pod that is mutated', within: 20_000 });
    expect((await readSecret(plane, namespace))?.['data']).toEqual(tokenData('1'));
    expect(await webhook.end('SIGTERM')).toBe(0);
  });

  it('B54: makes its certificates once it can, and has them trusted', async () => {
    await using stack = new AsyncDisposableStack();
    stack.use(await registerWebhook(plane, { url: 'https://127.0.0.1:1' }));
    await using webhook = await startMeanwhile(['--ownCertificates'], 'there is no certificate yet');
    const path = `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${objectNames.mutatingConfiguration}`;
    const trusted = async (): Promise<string | undefined> => {
      const { body } = await plane.api.send('GET', path);
      const [first] = body['webhooks'] as readonly [
        { readonly clientConfig: { readonly caBundle?: string } },
      ];
      return first.clientConfig.caBundle;
    };
    const ca = Buffer.from(await poll(trusted, { what: 'the CA', within: 10_000 }), 'base64').toString();
    expect(new X509Certificate(ca).ca).toBe(true);
    const answer = { response: { uid: 'u', allowed: true, patchType: 'JSONPatch' } };
    expect(await reviewed(webhook.port, ca)).toMatchObject(answer);
    expect(await webhook.end('SIGTERM')).toBe(0);
  });

  /** Calls it by the name of its Service, and trusts this CA, as an API server does. */
  function reviewed(port: number, ca: string): Promise<unknown> {
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'u',
        kind: { group: '', version: 'v1', kind: 'Pod' },
        resource: { group: '', version: 'v1', resource: 'pods' },
        operation: 'CREATE',
        namespace,
        dryRun: true,
        object: gpuPod({ namespace }),
      },
    };
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', host: '127.0.0.1', port, path: '/mutate', ca };
      const servername = `${objectNames.service}.${objectNames.namespace}.svc`;
      const headers = { 'Content-Type': 'application/json' };
      request({ ...options, servername, headers }, (answer) => {
        resolve(json(answer));
      })
        .on('error', reject)
        .end(JSON.stringify(review));
    });
  }
});
