import { X509Certificate } from 'node:crypto';

import { objectNames, rbacObjects, webhookConfigurations } from '@bwki/webhook';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { startBalancer, type ConnectionBalancer } from './support/connection-balancer.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { type CertificateSecret, certificateSecret } from './support/certificate-secret.ts';
import { soakLength } from './support/soak-length.ts';
import { startReplica, type ReplicaSettings, type WebhookReplica } from './support/webhook-replica.ts';

const minute = 60_000;
const hour = 60 * minute;
const rotations = soakLength({ usual: 15, soak: 100 });
const settings = { lifeMs: 90 * minute, leewayMs: 1000 * hour, settleMs: 300, lookMs: 40 };

const secretReference = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: objectNames.certificates, namespace: 'bwki' },
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { generateName: 'rotation-', annotations: { 'auto-management/bitfusion': 'all' } },
  spec: {
    containers: [
      {
        name: 'main',
        image: 'busybox',
        command: ['true'],
        resources: { limits: { 'bitfusion.io/gpu-amount': '1' } },
      },
    ],
  },
};

describe.runIf(hasOwnControlPlane())('B54: own certificates in a cluster', () => {
  let plane: ControlPlane;
  let balancer: ConnectionBalancer;
  let kubeconfig: string;
  let namespace: string;
  let replicas: WebhookReplica[] = [];
  let aheadMs = 0;

  beforeAll(async () => {
    plane = await ownControlPlane({ controllers: false });
    balancer = await startBalancer();
    await plane.createNamespace('bwki', { exact: true });
    namespace = await plane.createNamespace('pods');
    const rbac = rbacObjects({ tokenSecrets: [], ownCertificates: true, resourceOffers: false });
    for (const object of Object.values(rbac)) await plane.api.create(object as ApiObject);
    kubeconfig = await plane.serviceAccountKubeconfig('bwki', objectNames.deployment);
    const address = { kind: 'url', url: `https://127.0.0.1:${balancer.port}` } as const;
    for (const configuration of configurations(address)) await plane.api.create(configuration);
  });
  afterAll(async () => {
    for (const replica of replicas) await replica[Symbol.asyncDispose]();
    await balancer[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for (const name of ['a', 'b']) {
      if (!replicas.some((replica) => replica.name === name)) await add(name);
    }
    await poll(async () => ((await isStable()) ? true : undefined), { what: 'two replicas', within: 20_000 });
  });

  async function add(name: string, more: Partial<ReplicaSettings> = {}): Promise<void> {
    replicas.push(await startReplica({ ...settings, replica: name, kubeconfig, aheadMs, ...more }));
    balancer.use(replicas.map(({ port }) => port));
  }

  async function take(name: string, end: (replica: WebhookReplica) => PromiseLike<void>): Promise<void> {
    const replica = replicas.find((one) => one.name === name);
    if (replica === undefined) throw new Error(`there is no replica ${name}`);
    replicas = replicas.filter((one) => one !== replica);
    balancer.use(replicas.map(({ port }) => port));
    await end(replica);
  }

  function setAhead(milliseconds: number): void {
    aheadMs = milliseconds;
    for (const replica of replicas) replica.setAhead(aheadMs);
  }

  /** First close to the time of the rotation, until all have told that they live, as they do when time just passes. */
  async function toRotation(): Promise<void> {
    const told = Date.now() + aheadMs + 59 * minute;
    setAhead(aheadMs + 59 * minute);
    const haveTold = async (): Promise<true | undefined> => {
      const seen = Object.values((await read()).replicas).map((replica) => Date.parse(replica.seen));
      return seen.length === replicas.length && seen.every((time) => time >= told) ? true : undefined;
    };
    await poll(haveTold, { what: 'all replicas to tell that they live', within: 20_000, every: 20 });
    setAhead(aheadMs + 2 * minute);
  }

  async function read(): Promise<CertificateSecret> {
    return certificateSecret(await plane.api.read(secretReference));
  }

  async function bundles(): Promise<readonly string[]> {
    const read = await Promise.all(
      configurations({ kind: 'url', url: 'https://x' }).map((one) => plane.api.read(one)),
    );
    return read
      .flatMap(
        ({ webhooks }) => webhooks as readonly { readonly clientConfig: { readonly caBundle?: string } }[],
      )
      .map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString());
  }

  /** One CA alone is trusted, and all replicas serve what it signed. */
  async function isStable(): Promise<boolean> {
    const { keys, ca, fingerprint, replicas: told } = await read();
    return (
      keys.length === 3 &&
      (await bundles()).every((bundle) => bundle === ca) &&
      replicas.every(({ name }) => told[name]?.serves === fingerprint)
    );
  }

  async function rotated(before: CertificateSecret): Promise<CertificateSecret> {
    return poll(
      async () => {
        const after = await read();
        return after.fingerprint !== before.fingerprint && (await isStable()) ? after : undefined;
      },
      { what: 'the rotation to end', within: 30_000, every: 20 },
    );
  }

  /** Creates pods without pause while `meanwhile` runs. */
  async function underLoad(meanwhile: () => Promise<void>): Promise<Load> {
    let isOver = false;
    const load: Load = { created: 0, failures: [] };
    const create = async (): Promise<void> => {
      while (!isOver) {
        try {
          const { body } = await plane.api.create({ ...pod, metadata: { ...pod.metadata, namespace } });
          if (body.metadata.annotations?.['auto-management/status'] !== 'injected') {
            load.failures.push('not injected');
          }
          load.created += 1;
        } catch (error) {
          load.failures.push(String(error));
        }
      }
    };
    const creating = Promise.all([create(), create()]);
    try {
      await meanwhile();
    } finally {
      isOver = true;
      await creating;
    }
    return load;
  }

  it(`rotate ${rotations} times under two replicas while pods are created, and no creation fails`, async () => {
    const served = new Set<string>();
    const began = performance.now();
    const load = await underLoad(async () => {
      for (let rotation = 0; rotation < rotations; rotation += 1) {
        const before = await read();
        await toRotation();
        served.add((await rotated(before)).fingerprint);
      }
    });
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(`${rotations} rotations in ${seconds} s, ${load.created} pods created`);
    expect(load.failures).toEqual([]);
    expect(served.size).toBe(rotations);
    expect(load.created).toBeGreaterThan(10 * rotations);
  }, 240_000);

  it('end a rotation in which a replica is killed, and no creation fails for a certificate', async () => {
    const before = await read();
    const load = await underLoad(async () => {
      await toRotation();
      const isAnnounced = async (): Promise<true | undefined> =>
        (await read()).keys.includes('next-ca.crt') ? true : undefined;
      await poll(isAnnounced, { what: 'the next certificate', within: 20_000, every: 10 });
      await take('b', (replica) => replica.kill());
      await poll(async () => ((await read()).fingerprint !== before.fingerprint ? true : undefined), {
        what: 'the new certificate',
        within: 20_000,
      });
      const { keys, replicas: told } = await read();
      expect(keys).toContain('previous-ca.crt');
      expect(told['b']?.serves).toBe(before.fingerprint);
      setAhead(aheadMs + 16 * minute);
      await rotated(before);
    });
    // A connection that dies with its replica takes the requests on it along; none fails for a certificate.
    expect(load.failures.filter((failure) => !/EOF|reset|refused/.test(failure))).toEqual([]);
    expect(load.created).toBeGreaterThan(0);
    expect(Object.keys((await read()).replicas)).toEqual(['a']);
  });

  it('are taken over by a replica that starts, and a replica that ends in peace is forgotten', async () => {
    const before = await read();
    await add('c');
    expect((await read()).replicas['c']?.serves).toBe(before.fingerprint);
    await take('c', (replica) => replica[Symbol.asyncDispose]());
    expect(Object.keys((await read()).replicas).sort()).toEqual(['a', 'b']);
  });

  it('come back to a secret that was deleted, and no creation fails', async () => {
    const before = await read();
    const load = await underLoad(async () => {
      await plane.api.remove(secretReference);
      await poll(async () => ((await isStable()) ? true : undefined), { what: 'the secret', within: 20_000 });
    });
    expect(load.failures).toEqual([]);
    expect(load.created).toBeGreaterThan(0);
    expect((await read()).fingerprint).toBe(before.fingerprint);
  });

  it('B75: have their CA restored at once where a caBundle was wiped by hand', async () => {
    for (const configuration of configurations({ kind: 'url', url: 'https://x' })) {
      const patch = [{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }];
      const path = `/apis/admissionregistration.k8s.io/v1/${configuration.kind.toLowerCase()}s/${configuration.metadata.name ?? ''}`;
      await plane.api.send('PATCH', path, patch, 'application/json-patch+json');
    }
    const wiped = performance.now();
    await poll(async () => ((await isStable()) ? true : undefined), {
      what: 'the CA',
      within: 5_000,
      every: 5,
    });
    console.log(`caBundle written again after ${(performance.now() - wiped).toFixed(0)} ms`);
    const event = async (): Promise<ApiObject | undefined> =>
      (await plane.api.list({ apiVersion: 'v1', kind: 'Event', metadata: { namespace: 'bwki' } })).find(
        ({ reason }) => reason === 'CABundleChanged',
      );
    const { message } = await poll(event, { what: 'an Event', within: 5_000 });
    expect(message).toMatch(/changed caBundle, and the webhook has written it again/);
    await poll(() => plane.api.create({ ...pod, metadata: { ...pod.metadata, namespace } }), {
      what: 'a pod to be admitted',
      within: 5_000,
    });
  });

  it('are made anew by a start that finds them expired', async () => {
    const before = await read();
    for (const name of ['a', 'b']) await take(name, (replica) => replica.kill());
    aheadMs += 2 * settings.lifeMs;
    await add('a');
    const after = await rotated(before);
    expect(Date.parse(new X509Certificate(after.cert).validTo)).toBeGreaterThan(Date.now() + aheadMs);
    await poll(() => plane.api.create({ ...pod, metadata: { ...pod.metadata, namespace } }), {
      what: 'a pod to be admitted',
      within: 5_000,
    });
  });

  it('B58: take no more rights than the role gives, and each of these', async () => {
    const events = (await plane.auditLog()).filter(
      ({ user }) => user.username === `system:serviceaccount:bwki:${objectNames.deployment}`,
    );
    expect(events.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
    const used = new Set(events.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource ?? ''}`));
    expect([...used].sort()).toEqual([
      'create events',
      'create secrets',
      'get mutatingwebhookconfigurations',
      'get secrets',
      'get validatingwebhookconfigurations',
      'list mutatingwebhookconfigurations',
      'list validatingwebhookconfigurations',
      'patch mutatingwebhookconfigurations',
      'patch validatingwebhookconfigurations',
      'update secrets',
      'watch mutatingwebhookconfigurations',
      'watch validatingwebhookconfigurations',
    ]);
  });
});

interface Load {
  created: number;
  readonly failures: string[];
}

function configurations(address: { readonly kind: 'url'; readonly url: string }): readonly ApiObject[] {
  const { mutating, validating } = webhookConfigurations({ address, hasMatchConditions: true });
  return [mutating, validating].map((object) => object as unknown as ApiObject);
}
