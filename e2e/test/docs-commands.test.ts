/** The commands of the documents, as they are written, one after the other. @needs cluster-1.37 images deploy-tools */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { poll, type ApiObject, type OneNodeCluster } from '../harness/index.ts';
import { readClientLog } from './support/client-log.ts';
import { logOf } from './support/finished-pods.ts';
import { unitsOf } from './support/gpu-pod.ts';
import { clusterBeforeInstall, type AdministeredCluster } from './support/installed-cluster.ts';
import { blockWith, markdownBlocks, tableRows, type MarkdownBlock } from './support/markdown-blocks.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { repository } from './support/product-images.ts';
import { loadWorkloadImages } from './support/workload-images.ts';

const install = 'docs/install.md';
const firstPod = 'docs/first-pod.md';
const quota = 'docs/quota.md';
const troubleshooting = 'docs/troubleshooting.md';
const namespaces = 'docs/namespaces.md';

describe.runIf(hasOwnControlPlane())('the commands of the documents', () => {
  let administered: AdministeredCluster;
  let cluster: OneNodeCluster;
  const run = new Set<string>();

  beforeAll(async () => {
    administered = await clusterBeforeInstall();
    cluster = administered.cluster;
    await loadWorkloadImages(cluster);
  }, 900_000);
  afterAll(() => administered[Symbol.asyncDispose]());

  /** Runs the one block of a document that has `part` in it; NAME in it is the pod's. Gives what it wrote. */
  function follow(path: string, part: string): Promise<string> {
    const { text } = blockWith(path, part);
    run.add(text);
    return administered.shell.sh(
      text.replaceAll('NAME', 'first-pod').replace('NODE:.metadata.first-pod', 'NODE:.metadata.name'),
    );
  }

  function manifest(path: string, part: string): ApiObject {
    return parse(blockWith(path, part).text) as ApiObject;
  }

  it('install.md: install, by make and by Helm, and put the token there', async () => {
    await follow(install, 'make deploy IMAGE_REPO');
    await follow(install, 'helm upgrade --install');
    await follow(install, 'tar -xvf TOKEN.tar');
  }, 300_000);

  it('install.md: look', async () => {
    const said = await follow(install, 'helm test bwki');
    expect(said).toMatch(/(bitfusion-webhook-deployment-\S+ +1\/1 +Running .*\n){2}/);
    expect(said).toMatch(/bitfusion-device-plugin-\S+ +1\/1 +Running/);
    expect(said).toMatch(/^node +1k$/m);
    expect(said).toContain('units:50');
  }, 180_000);

  it('first-pod.md: half of a GPU', async () => {
    const { text } = blockWith(firstPod, 'name: first-pod');
    await writeFile(join(administered.shell.directory, 'first-pod.yaml'), text);
    expect(await follow(firstPod, 'bwki explain')).toContain('50 units');
    // The program of the image's stand-in says how it was called, and does not run Python.
    const said = await follow(firstPod, 'kubectl logs first-pod');
    expect(readClientLog(said)).toMatchObject({ locked: '1 x 0.5', python: ['-c', 'print("hello")'] });
    expect(await administered.shell.sh('kubectl describe pod first-pod')).toMatch(/bitfusion.io\/gpu: +50/);
  }, 180_000);

  it('first-pod.md: what else to ask for', async () => {
    const expected = [
      ["half of one GPU's memory", '50', { locked: '1 x 0.5' }],
      ['8 GB of each of two GPUs', '100', { memoryMiB: 7630 }],
      ['three whole GPUs', '300', { locked: '3 x 1' }],
    ] as const;
    const rows = new Map(
      tableRows(firstPod, 'What to ask for').map(([wanted = '', limits = '']) => [wanted, limits]),
    );
    for (const [wanted, units, logged] of expected) {
      const limits = rows.get(wanted)?.matchAll(/`([^`]+): ([^`]+)`/g) ?? [];
      const pod = await createFirstPod(
        `asks-${units}`,
        Object.fromEntries([...limits].map(([, name = '', value = '']) => [name, value])),
      );
      expect(unitsOf(pod)).toEqual({ train: units });
      expect(readClientLog(await logOf(cluster, pod))).toMatchObject(logged);
    }
  }, 180_000);

  it('first-pod.md: a program that calls the client itself', async () => {
    const { metadata, spec } = manifest(firstPod, 'name: work') as unknown as {
      readonly metadata: object;
      readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] };
    };
    const pod = manifest(firstPod, 'name: first-pod') as unknown as {
      readonly spec: { readonly containers: readonly object[] };
    };
    const [own, given] = [spec.containers[0], pod.spec.containers[0]];
    // `prepare` and `train` stand for programs of the user's.
    const command = own?.command.map((word) =>
      word.replace('prepare', 'python prepare').replace('-- train', '-- python train'),
    );
    const { body } = await cluster.api.create({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'itself', namespace: 'default' } },
      spec: { restartPolicy: 'Never', containers: [{ ...given, ...own, command }] },
    });
    expect(readClientLog(await logOf(cluster, body))).toMatchObject({
      locked: '1 x 0.5',
      python: ['prepare', 'train'],
    });
  }, 120_000);

  it('quota.md: the second pod fills the quota, the third is refused in these words', async () => {
    const namespace = await cluster.createNamespace('tensorflow-benchmark', { exact: true });
    await cluster.api.create(manifest(quota, 'kind: ResourceQuota'));
    const half = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' };
    await createFirstPod('first', half, namespace, ['sleep', '600']);
    expect(await follow(quota, 'kubectl describe quota')).toMatch(/requests\.bitfusion\.io\/gpu +50 +100/);
    await createFirstPod('second', half, namespace, ['sleep', '600']);
    const documented = blockWith(quota, 'Error from server (Forbidden)').text.replace(/\s+/g, ' ').trim();
    const third = firstPodWith('third', half, namespace, ['sleep', '600']);
    const { stderr } = await cluster.kubectl(['create', '-f', '-'], JSON.stringify(third));
    expect(stderr.replace('error when creating "STDIN": ', '').trim()).toBe(documented);
  }, 120_000);

  it('troubleshooting.md: what to look at', async () => {
    expect(await follow(troubleshooting, 'UNITS:')).toMatch(/^node +1k$/m);
    expect(await follow(troubleshooting, '-c bwki-populate')).toContain('populate: done');
    expect(await follow(troubleshooting, 'kubectl logs NAME\n')).toContain('python: -c');
    expect(await follow(troubleshooting, 'get endpointslices')).toMatch(/bwki-webhook-svc-\S+ +IPv4 +8443 /);
  }, 120_000);

  it('troubleshooting.md: replace the token', async () => {
    await follow(troubleshooting, 'kubectl delete secret -n kube-system');
  });

  it("namespaces.md: a team's share, and a token of its own", async () => {
    await follow(namespaces, 'kubectl create quota');
    expect(await follow(namespaces, 'kubectl get quota -A')).toMatch(/^team-a +0 +400$/m);

    const { text } = blockWith(namespaces, 'token.copies=false');
    const [withoutCopies = '', secret = ''] = text.split(/(?<=--wait\n)/);
    run.add(text);
    await administered.shell.sh(withoutCopies);
    const half = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' };
    const pod = await createFirstPod('early', half, 'team-a');
    await poll(
      async () => {
        const events = await administered.shell.sh('kubectl get events -n team-a');
        return events.includes('"bitfusion-secret" not found') ? true : undefined;
      },
      { what: 'an event that names the secret', within: 30_000 },
    );
    expect(await administered.shell.sh('kubectl get pod early -n team-a')).toContain('Init:0/1');
    await administered.shell.sh(secret);
    expect(readClientLog(await logOf(cluster, pod))).toMatchObject({ locked: '1 x 0.5' });
  }, 300_000);

  it('install.md: uninstall', async () => {
    await follow(install, 'make uninstall');
    const left = await administered.shell.sh(
      'kubectl get all,configmaps,secrets -A -l app.kubernetes.io/part-of=bwki -o name',
    );
    expect(left).toBe('');
    const copies = await administered.shell.sh(
      'kubectl get secrets -A -l bwki.bitfusion.io/token-copy=true -o name',
    );
    expect(copies).toBe('');
  }, 180_000);

  it('install.md: without Helm', async () => {
    for (const name of ['webhook', 'device-plugin', 'client']) {
      const image = `bitfusion-${name}:0.1.0`;
      // As the base names them.
      await cluster.nameImage(`${repository}/${image}`, [`docker.io/bitfusiondeviceplugin/${image}`]);
    }
    await follow(install, 'kubectl apply -k');
    const status = 'kubectl rollout status --timeout=120s';
    await administered.shell.sh(`${status} deployment bitfusion-webhook-deployment -n bwki`);
    await administered.shell.sh(`${status} daemonset bitfusion-device-plugin -n kube-system`);
    await follow(install, 'kubectl delete -k');
  }, 180_000);

  it('has run every block for a shell', () => {
    const isOne = ({ language }: MarkdownBlock): boolean => language === 'sh';
    const blocks = [install, firstPod, quota, troubleshooting, namespaces].flatMap((path) =>
      markdownBlocks(path).filter(isOne),
    );
    expect(
      blocks.filter(({ text }) => !run.has(text)).map(({ heading, text }) => `${heading}: ${text}`),
    ).toEqual([]);
  });

  function firstPodWith(
    name: string,
    limits: Readonly<Record<string, string>>,
    namespace: string,
    command?: readonly string[],
  ): ApiObject {
    const pod = manifest(firstPod, 'name: first-pod');
    const { containers, ...spec } = pod['spec'] as { readonly containers: readonly object[] };
    const [container] = containers;
    return {
      ...pod,
      metadata: { ...pod.metadata, name, namespace },
      spec: { ...spec, containers: [{ ...container, resources: { limits }, ...(command && { command }) }] },
    };
  }

  async function createFirstPod(
    ...options: [string, Readonly<Record<string, string>>, string?, (readonly string[])?]
  ): Promise<ApiObject> {
    const [name, limits, namespace = 'default', command] = options;
    return (await cluster.api.create(firstPodWith(name, limits, namespace, command))).body;
  }
});
