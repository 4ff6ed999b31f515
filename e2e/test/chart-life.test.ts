/** @needs deploy-tools */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chartDirectory, renderChart } from '@bwki/manifests';
import { objectNames } from '@bwki/webhook';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, run, type ControlPlane } from '../harness/index.ts';
import { deployTools } from './support/deploy-tools.ts';
import { everyObject } from './support/every-object.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { putSource, readSecret, secretOf, tokenData } from './support/token-copies.ts';
import { examplePolicy, startWebhookOn } from './support/webhook-on-cluster.ts';
import { startReplica } from './support/webhook-replica.ts';

const root = join(import.meta.dirname, '../..');
const configurations = [
  'mutatingwebhookconfiguration/bwki-webhook-cfg',
  'validatingwebhookconfiguration/validation.bitfusion.io-cfg',
];

describe.runIf(hasOwnControlPlane())('the chart in a cluster', () => {
  let plane: ControlPlane;
  let before: ReadonlySet<string>;

  beforeAll(async () => {
    plane = await ownControlPlane();
    before = new Set(await everyObject(plane));
  });
  afterAll(() => plane[Symbol.asyncDispose]());

  function helm(...args: readonly string[]): Promise<string> {
    const where = ['--kubeconfig', plane.kubeconfigPath, '--namespace', 'bwki'];
    return run(deployTools().helm, [...args, ...where]);
  }

  async function kubectl(...args: readonly string[]): Promise<string> {
    const { status, stdout, stderr } = await plane.kubectl(args);
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  /** `make TARGET`; there is no node, so nothing of the chart ever runs, and nobody waits for it. */
  async function make(target: string, ...variables: readonly string[]): Promise<void> {
    const kubeconfig = `--kubeconfig=${plane.kubeconfigPath}`;
    const programs = deployTools();
    const tools = [`HELM=${programs.helm} ${kubeconfig}`, `KUBECTL=${programs.kubectl} ${kubeconfig}`];
    const child = spawn('make', ['--no-print-directory', target, ...tools, ...variables], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: '/usr/bin:/bin', HOME: plane.directory },
    });
    const [status] = (await once(child, 'exit')) as [number | null];
    expect(status).toBe(0);
  }

  async function bundles(): Promise<readonly string[]> {
    const path = '--output=jsonpath={.webhooks[*].clientConfig.caBundle}';
    return Promise.all(configurations.map((name) => kubectl('get', name, path)));
  }

  it('is installed by make deploy, in a namespace for restricted pods', async () => {
    await make('deploy', 'TOTAL_GPU_MEMORY=16000', 'IMAGE_TAG=7', 'DEPLOY_ARGS=--wait=hookOnly');
    const namespace = await plane.api.read({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'bwki' },
    });
    expect(namespace.metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(await kubectl('get', 'services', '--namespace=bwki')).toMatch(
      /bwki-webhook-svc +ClusterIP .* 443\/TCP /,
    );
    expect(await kubectl('get', 'configmaps', '--namespace=bwki')).toMatch(/bwki-webhook-configmap +1 /);
    const config = await kubectl(
      'get',
      'configmap/bwki-webhook-configmap',
      '-nbwki',
      '--output=jsonpath={.data}',
    );
    expect(config).toContain('totalGpuMemory: \\"16000\\"');
    expect(config).toContain('bitfusion-client:7');
    await poll(async () => ((await podsOfDeployment()) === 2 ? true : undefined), {
      what: 'two pods that the namespace takes',
      within: 20_000,
    });
  });

  async function podsOfDeployment(): Promise<number> {
    const pods = await plane.api.list({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'bwki' } });
    return pods.filter(({ metadata }) => metadata.name?.startsWith('bitfusion-webhook-deployment')).length;
  }

  it('B54: keeps the CA that the webhook wrote through an upgrade and a rollback', async () => {
    const kubeconfig = await plane.serviceAccountKubeconfig('bwki', objectNames.deployment);
    const times = { aheadMs: 0, lifeMs: 3_600_000, leewayMs: 0, settleMs: 1000, lookMs: 100 };
    const replica = await startReplica({ ...times, replica: 'a', kubeconfig });
    const haveCa = async (): Promise<true | undefined> =>
      (await bundles()).every((bundle) => bundle.length > 100) ? true : undefined;
    await poll(haveCa, { what: 'the CA in both configurations', within: 20_000 });
    // From here on nobody writes it again.
    await replica.kill();
    const ca = await bundles();
    const seconds = (): Promise<string> =>
      kubectl(
        'get',
        'mutatingwebhookconfigurations',
        '--output=jsonpath={.items[*].webhooks[0].timeoutSeconds}',
      );

    const set = ['--set', 'webhook.timeoutSeconds=5', '--set', 'webhook.objectSelector.matchLabels.a=b'];
    await helm('upgrade', 'bwki', chartDirectory, '--reset-then-reuse-values', ...set);
    expect(await seconds()).toBe('5');
    expect(await bundles()).toEqual(ca);

    await helm('rollback', 'bwki');
    expect(await seconds()).toBe('10');
    expect(await bundles()).toEqual(ca);
  }, 180_000);

  it('B54: and through a second make deploy, which leaves alone what its variables do not say', async () => {
    const ca = await bundles();
    expect(ca.every((bundle) => bundle.length > 100)).toBe(true);
    await make('deploy', 'DEPLOY_ARGS=--wait=hookOnly');
    expect(await bundles()).toEqual(ca);
    const config = await kubectl(
      'get',
      'configmap/bwki-webhook-configmap',
      '-nbwki',
      '--output=jsonpath={.data}',
    );
    expect(config).toContain('totalGpuMemory: \\"16000\\"');
  });

  it('is taken out by helm uninstall with what it left behind: the copies of the token and the certificates', async () => {
    await putSource(plane, '1');
    const [copied, own] = [await plane.createNamespace('copied'), await plane.createNamespace('own')];
    const label = { 'bwki.bitfusion.io/token-copy': 'true' };
    const copy = secretOf(copied, tokenData('1'));
    await plane.api.create({ ...copy, metadata: { ...copy.metadata, labels: label } });
    await plane.api.create(secretOf(own, { password: 'eA==' }));
    // Labelled like a copy, but of another name: none of ours.
    const other = { ...secretOf(copied, {}), metadata: { name: 'other', namespace: copied, labels: label } };
    await plane.api.create(other);
    const key = { name: 'bwki-webhook-token-copy-key', namespace: 'bwki' };
    await plane.api.create({ ...copy, metadata: key });
    expect(await everyObject(plane)).toContain('Secret bwki/bwki-webhook-certs');

    await helm('uninstall', 'bwki', '--no-hooks');
    await runUninstallJob();

    expect(await readSecret(plane, copied)).toBeUndefined();
    expect(await readSecret(plane, own)).toBeDefined();
    expect(await readSecret(plane, 'kube-system')).toBeDefined();
    const left = (await everyObject(plane)).filter((name) => !before.has(name));
    expect(left).toEqual(
      [
        `Namespace /${copied}`,
        `Namespace /${own}`,
        'Namespace /bwki',
        `Secret ${copied}/other`,
        `Secret ${own}/bitfusion-secret`,
        // With it the copies that `uninstall.removeTokenCopies: false` leaves are known again.
        'Secret bwki/bwki-webhook-token-copy-key',
        'Secret kube-system/bitfusion-secret',
      ].sort(),
    );
  });

  /** As Helm would after the deletion, but without a node for the Job: its commands run here, with its rights. */
  async function runUninstallJob(): Promise<void> {
    const rendered = await renderChart({ helm: deployTools().helm, kubernetes: '1.37', withHooks: true });
    const hooks = rendered.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'post-delete');
    const [[job], rights] = [
      hooks.filter(({ kind }) => kind === 'Job'),
      hooks.filter(({ kind }) => kind !== 'Job'),
    ];
    for (const object of rights) await plane.api.create(object);
    const kubeconfig = await plane.serviceAccountKubeconfig('bwki', 'bwki-uninstall');
    const { template } = job?.['spec'] as {
      template: { spec: { containers: readonly { args: string[] }[] } };
    };
    for (const { args } of template.spec.containers) await kubectl(`--kubeconfig=${kubeconfig}`, ...args);
    // A second run finds nothing, and is content.
    for (const { args } of template.spec.containers) await kubectl(`--kubeconfig=${kubeconfig}`, ...args);
    for (const object of rights) await plane.api.remove(object);
  }

  it('says by helm test whether pods are mutated, as a dry run', async () => {
    const rendered = await renderChart({ helm: deployTools().helm, kubernetes: '1.37', withHooks: true });
    const hooks = rendered.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'test');
    for (const object of hooks.filter(({ kind }) => kind !== 'Pod')) {
      await plane.api.create(object);
    }
    const file = join(plane.directory, 'pod.yaml');
    const { data } = hooks.find(({ kind }) => kind === 'ConfigMap') as unknown as {
      data: Record<string, string>;
    };
    await writeFile(file, data['pod.yaml'] ?? '');
    const { containers } = hooks.find(({ kind }) => kind === 'Pod')?.['spec'] as {
      containers: readonly [{ args: readonly string[] }];
    };
    const kubeconfig = await plane.serviceAccountKubeconfig('bwki', 'bwki-test');
    const args = containers[0].args.map((arg) => arg.replace('/bwki-test/pod.yaml', file));
    const test = () => plane.kubectl([`--kubeconfig=${kubeconfig}`, ...args]);

    expect(await test()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is not found') as string,
    });
    await using webhook = await startWebhookOn(plane, { policy: examplePolicy() });
    expect(await test()).toMatchObject({ status: 0, stdout: 'units:50' });
    expect(webhook.log.join('')).toContain('bwki-test-');
    expect(await kubectl('get', 'pods', '--namespace=default')).toBe('');
  });
});
