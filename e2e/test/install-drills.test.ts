/** What is restarted, replaced or missing while pods are created. @needs cluster-1.37 images deploy-tools */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ApiObject, type OneNodeCluster } from '../harness/index.ts';
import { allocatableIs, runBusybox } from './support/busybox-pod.ts';
import { whilePodsAreCreated } from './support/creation-loop.ts';
import { installedCluster, writeToken, type AdministeredCluster } from './support/installed-cluster.ts';
import { blockWith } from './support/markdown-blocks.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { readOwnCertificates, type OwnCertificates } from './support/own-certificates.ts';
import { createTokenPod, printedBy } from './support/token-pod.ts';

const troubleshooting = 'docs/troubleshooting.md';
/** How long after a token began to be replaced a new pod may still get the old one. */
const tokenLagMs = 5000;

describe.runIf(hasOwnControlPlane())('everything installed, while pods are created', () => {
  let administered: AdministeredCluster;
  let cluster: OneNodeCluster;
  let sh: (text: string) => Promise<string>;
  let namespace: string;

  beforeAll(async () => {
    administered = await installedCluster();
    ({ cluster } = administered);
    ({ sh } = administered.shell);
    namespace = await cluster.createNamespace('drills');
    await allocatableIs(cluster, 'bitfusion.io/gpu', '1k');
    await poll(() => createTokenPod(cluster, { namespace }), { what: 'a first pod', within: 20_000 });
  }, 600_000);
  afterAll(() => administered[Symbol.asyncDispose]());

  async function expectNoRefusal(what: string, meanwhile: () => Promise<unknown>): Promise<void> {
    const { admitted, failures } = await whilePodsAreCreated(cluster, namespace, meanwhile);
    console.log(`${what}: ${admitted} pods admitted, ${failures.length} not`);
    expect(failures).toEqual([]);
    expect(admitted).toBeGreaterThan(5);
  }

  /** Resolves when the replicas are as many, those that end not counted out before they have ended. */
  const webhookPodsAre = (count: number): Promise<true> =>
    poll(
      async () => {
        const pods = await sh('kubectl -n bwki get pods -l app=bitfusion-webhook -o name');
        return pods.split('\n').filter(Boolean).length === count ? true : undefined;
      },
      { what: `${count} pods of the webhook`, within: 90_000 },
    );

  it('B55: a rolling restart of the webhook refuses none', async () => {
    await expectNoRefusal('rolling restart of the webhook', async () => {
      await sh('kubectl -n bwki rollout restart deployment/bitfusion-webhook-deployment');
      await sh('kubectl -n bwki rollout status deployment/bitfusion-webhook-deployment --timeout=180s');
      await webhookPodsAre(2);
    });
  }, 300_000);

  it.each(['graceful', 'crash'] as const)(
    'B62: a restart of the kubelet refuses none: %s',
    async (end) => {
      await expectNoRefusal(`restart of the kubelet, ${end}`, async () => {
        await cluster.restartKubelet({ end });
        await allocatableIs(cluster, 'bitfusion.io/gpu', '1k');
      });
    },
    120_000,
  );

  it('B61: a rollout of the device plugin refuses none', async () => {
    await expectNoRefusal('rollout of the device plugin', async () => {
      await sh('kubectl -n kube-system rollout restart daemonset/bitfusion-device-plugin');
      await sh('kubectl -n kube-system rollout status daemonset/bitfusion-device-plugin --timeout=180s');
      await allocatableIs(cluster, 'bitfusion.io/gpu', '1k');
    });
  }, 300_000);

  it('B54: a lost secret of the certificates is written again, and none is refused', async () => {
    const data = 'kubectl -n bwki get secret bwki-webhook-certs -o jsonpath={.data}';
    const before = await sh(data);
    await expectNoRefusal('loss of the certificates', async () => {
      await sh('kubectl -n bwki delete secret bwki-webhook-certs');
      await poll(() => sh(data), { what: 'the secret', within: 30_000 });
    });
    expect(await sh(data)).toBe(before);
  }, 120_000);

  it('B54: own certificates rotate, are given a short life and a long one again, and none is refused', async () => {
    const [short, long] = [30, 90 * 24 * 3600];
    const setLife = (seconds: number): Promise<string> =>
      sh(
        'helm upgrade bwki deploy/helm/bwki -n bwki --reset-then-reuse-values --wait ' +
          `--set webhook.certificateLifeSeconds=${seconds}`,
      );
    const generations: string[] = [];
    const served = new Set<string>();
    const bundles = new Set<string>();
    const until = (what: string, isSo: (now: OwnCertificates) => boolean): Promise<true> =>
      poll(
        async () => {
          const now = await readOwnCertificates(cluster);
          if (generations.at(-1) !== now.current) generations.push(now.current);
          for (const one of now.served) served.add(one);
          for (const one of now.bundles) bundles.add(one);
          return isSo(now) ? true : undefined;
        },
        { what, within: 60_000, every: 200 },
      );
    await until('the certificate of before', () => true);
    await expectNoRefusal('rotations of own certificates', async () => {
      await setLife(short);
      await until('a certificate of a short life', ({ lifeSeconds }) => lifeSeconds < 2 * short);
      await until('a rotation more', () => generations.length >= 3);
      await setLife(long);
      await until(
        'one of a long life, which both replicas serve',
        ({ current, lifeSeconds, served: now }) =>
          lifeSeconds > long / 2 && now.length === 2 && now.every((one) => one === current),
      );
    });
    console.log(`${generations.length - 1} rotations seen`);
    expect(generations.length).toBeGreaterThanOrEqual(4);
    expect([...served]).toEqual(expect.arrayContaining(generations));
    expect(new Set(generations).size).toBe(generations.length);
    // A bundle for each generation alone, or one for each pair of neighbours.
    expect(bundles.size).toBeGreaterThanOrEqual(generations.length);
    const { bundles: last, ca } = await readOwnCertificates(cluster);
    expect(last.every((bundle) => bundle.includes(ca))).toBe(true);
  }, 240_000);

  it('B52: the token is replaced by delete and create: none is refused, and after 5 s none has the old one', async () => {
    const { directory } = administered.shell;
    await writeToken(directory, '2');
    await sh('rm -r tokens && mkdir tokens && tar -xf TOKEN.tar -C tokens');
    const pods: { readonly pod: ApiObject; readonly sinceStartMs: number }[] = [];
    let started = Infinity;
    const create = async (): Promise<void> => {
      const sinceStartMs = performance.now() - started;
      pods.push({ pod: await createTokenPod(cluster, { namespace }), sinceStartMs });
    };
    await expectNoRefusal('replacement of the token', async () => {
      await create();
      started = performance.now();
      const replaced = sh(blockWith(troubleshooting, 'kubectl delete secret -n kube-system').text);
      for (let second = 0; second < 8; second += 1) {
        await create();
        await sleep(1000);
      }
      await replaced;
    });
    const printed: { readonly sinceStartMs: number; readonly version: string }[] = [];
    for (const { pod, sinceStartMs } of pods) {
      printed.push({ sinceStartMs, version: await printedBy(cluster, pod) });
    }
    const late = printed.filter(({ sinceStartMs }) => sinceStartMs > tokenLagMs);
    expect(late.length).toBeGreaterThan(0);
    expect(late.filter(({ version }) => !version.startsWith('# 2\n'))).toEqual([]);
  }, 300_000);

  it('without a webhook GPU pods are refused with the message of the document, and others start', async () => {
    await sh('kubectl -n bwki scale deployment/bitfusion-webhook-deployment --replicas=0');
    await webhookPodsAre(0);
    const refusal = await createTokenPod(cluster, { namespace }).then(
      () => 'created',
      (error: unknown) => String(error),
    );
    const message = 'failed calling webhook "mutation.bitfusion.io"';
    expect(refusal).toContain(message);
    expect(await readFile(join(import.meta.dirname, '../..', troubleshooting), 'utf8')).toContain(message);

    const other = await runBusybox(cluster, 'true', { name: 'other', namespace });
    await other.reaches('Succeeded');

    await sh('kubectl -n bwki scale deployment/bitfusion-webhook-deployment --replicas=2');
    await sh('kubectl -n bwki rollout status deployment/bitfusion-webhook-deployment --timeout=180s');
    await poll(() => createTokenPod(cluster, { namespace }), { what: 'GPU pods again', within: 20_000 });
  }, 300_000);
});
