/** Certificates by cert-manager's own controllers. @needs cluster-1.37 images deploy-tools cert-manager */
import { X509Certificate } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type OneNodeCluster } from '../harness/index.ts';
import { renew, startCertManager } from './support/cert-manager.ts';
import { whilePodsAreCreated } from './support/creation-loop.ts';
import { clusterBeforeInstall, installCommands } from './support/installed-cluster.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { servedSerial } from './support/served-certificates.ts';
import { createTokenPod, printedBy } from './support/token-pod.ts';

const secret = 'bwki-webhook-cert-manager';
/** A kubelet looks at each pod's volumes once a minute or so. */
const filesWithin = 150_000;

describe.runIf(hasOwnControlPlane())("the chart with cert-manager's certificates", () => {
  const started = new AsyncDisposableStack();
  let cluster: OneNodeCluster;
  let sh: (text: string) => Promise<string>;
  let namespace: string;

  beforeAll(async () => {
    const administered = started.use(await clusterBeforeInstall());
    ({ cluster } = administered);
    ({ sh } = administered.shell);
    started.use(await startCertManager(cluster));
    namespace = await cluster.createNamespace('certificates');
  }, 600_000);
  afterAll(() => started.disposeAsync());

  const inSecret = async (name: string, key: string): Promise<string> => {
    const path = `{.data.${key.replace('.', '\\.')}}`;
    const text = await sh(`kubectl -n bwki get secret ${name} -o jsonpath='${path}'`);
    return Buffer.from(text, 'base64').toString();
  };

  /** What the API server trusts, by both configurations. */
  const bundles = async (): Promise<readonly string[]> => {
    const kinds = 'mutatingwebhookconfigurations,validatingwebhookconfigurations';
    const path = '{range .items[*]}{.webhooks[0].clientConfig.caBundle}{" "}{end}';
    const text = await sh(`kubectl get ${kinds} -o jsonpath='${path}'`);
    return text
      .trim()
      .split(' ')
      .map((bundle) => Buffer.from(bundle, 'base64').toString());
  };

  const trusts = (...cas: readonly string[]): Promise<true> =>
    poll(
      async () => {
        const both = await bundles();
        const isComplete =
          both.length === 2 && both.every((bundle) => cas.every((ca) => bundle.includes(ca)));
        return isComplete ? true : undefined;
      },
      { what: 'the CA in both configurations', within: 30_000 },
    );

  const serial = async (): Promise<string> =>
    new X509Certificate(await inSecret(secret, 'tls.crt')).serialNumber;

  /** Resolves when each replica serves what the secret has, to somebody who trusts `ca`. */
  const allServeTheSecret = async (ca: string): Promise<void> => {
    const expected = await serial();
    const ips = (
      await sh("kubectl -n bwki get pods -l app=bitfusion-webhook -o jsonpath='{.items[*].status.podIP}'")
    ).split(' ');
    expect(ips).toHaveLength(2);
    const name = 'bwki-webhook-svc.bwki.svc';
    await poll(
      async () => {
        const served = await Promise.all(ips.map((ip) => servedSerial(ip, 8443, name, ca)));
        return served.every((one) => one === expected) ? true : undefined;
      },
      { what: 'the new certificate in all replicas', within: filesWithin },
    );
  };

  async function expectNoRefusal(what: string, meanwhile: () => Promise<unknown>): Promise<void> {
    const { admitted, failures } = await whilePodsAreCreated(cluster, namespace, meanwhile);
    console.log(`${what}: ${admitted} pods admitted, ${failures.length} not`);
    expect(failures).toEqual([]);
    expect(admitted).toBeGreaterThan(5);
  }

  it('B54: is installed by the documented command: cert-manager issues, the API server trusts, a pod runs', async () => {
    await sh(`${installCommands.install.trim()} DEPLOY_ARGS='--set certManager.enabled=true'`);
    await sh(installCommands.token);
    const ca = await inSecret(secret, 'ca.crt');
    await trusts(ca);
    await allServeTheSecret(ca);
    const pod = await poll(() => createTokenPod(cluster, { namespace }), {
      what: 'a GPU pod',
      within: 30_000,
    });
    expect(await printedBy(cluster, pod)).toMatch(/^# 1\n/);
    // Of its own certificates there are none, and it could not write any.
    expect(await sh('kubectl -n bwki get secrets -o name')).not.toContain('bwki-webhook-certs');
  }, 300_000);

  it('B54: a new CA with a new key, and then a certificate by it, refuse no pod', async () => {
    const [ca, before] = [await inSecret(secret, 'ca.crt'), await serial()];
    await expectNoRefusal("renewal of cert-manager's CA and certificate", async () => {
      await renew(sh, 'bwki', 'bwki-webhook-ca');
      await renew(sh, 'bwki', 'bwki-webhook');
      expect(await serial()).not.toBe(before);
      const renewed = await inSecret(secret, 'ca.crt');
      expect(renewed).not.toBe(ca);
      // The replicas have the old certificate until the kubelet brings the new one: the old CA stays beside the new one.
      await trusts(ca, renewed);
      await allServeTheSecret(renewed);
    });
  }, 300_000);

  it('B54: a lost secret is issued again, and no pod is refused', async () => {
    const before = await serial();
    await expectNoRefusal("loss of cert-manager's secret", async () => {
      await sh(`kubectl -n bwki delete secret ${secret}`);
      await poll(async () => ((await serial()) === before ? undefined : true), {
        what: 'the secret with another certificate',
        within: 60_000,
      });
      // A change of a pod has the kubelet look at its volumes at once.
      await sh('kubectl -n bwki annotate pods -l app=bitfusion-webhook looked-at=now');
      await allServeTheSecret(await inSecret(secret, 'ca.crt'));
    });
  }, 300_000);

  it('an emptied caBundle is written anew, with the present CA alone', async () => {
    const patch = JSON.stringify([{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }]);
    for (const name of [
      'mutatingwebhookconfiguration/bwki-webhook-cfg',
      'validatingwebhookconfiguration/validation.bitfusion.io-cfg',
    ]) {
      await sh(`kubectl patch ${name} --type=json -p '${patch}'`);
    }
    const ca = await inSecret(secret, 'ca.crt');
    await trusts(ca);
    expect(await bundles()).toEqual([ca, ca]);
  });
});
