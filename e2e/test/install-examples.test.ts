/** The examples, each run to what it is for, where everything is installed. @needs cluster-1.37 images deploy-tools */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import type { ApiObject, OneNodeCluster } from '../harness/index.ts';
import { readClientLog, type LoggedRun } from './support/client-log.ts';
import { logOf, podsOf } from './support/finished-pods.ts';
import { containersOf, unitsOf } from './support/gpu-pod.ts';
import { installedCluster, type AdministeredCluster } from './support/installed-cluster.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { runnable } from './support/runnable-manifest.ts';
import { loadWorkloadImages } from './support/workload-images.ts';

const examples = join(import.meta.dirname, '../../examples');
const train = ['-m', 'trainer.main'];
const benchmark = 'tf_cnn_benchmarks/tf_cnn_benchmarks.py';
const library = (client: string, path = '/bitfusion/lib'): string =>
  `/bitfusion/${client}/opt/bitfusion/lib/x86_64-linux-gnu${path}`;
const newest = library('bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb');

/** Of each example that ends: what its one pod counts, and what its log says. */
const programs: Readonly<Record<string, { readonly units?: string } & Partial<LoggedRun>>> = {
  'pod.yaml': {
    ...{ units: '50', locked: '1 x 0.5', library: library('bitfusion-client-ubuntu1804_4.5.0-4_amd64.deb') },
    python: [
      `/benchmark/scripts/${benchmark}`,
      '--local_parameter_device=gpu',
      '--batch_size=32',
      '--model=inception3',
    ],
  },
  // 8000 MB are 7630 MiB, rounded up, which the client's -m counts.
  'pod-memory.yaml': {
    ...{ units: '50', memoryMiB: 7630, library: library('bitfusion-client-ubuntu1804_2.5.1-13', '/lib') },
    python: [
      `scripts/${benchmark}`,
      '--local_parameter_device=gpu',
      '--batch_size=64',
      '--model=resnet50',
      '--num_batches=200',
    ],
  },
  'pod-yes.yaml': {
    ...{ units: '50', locked: '1 x 0.5', library: newest },
    python: ['-m', 'trainer.task', '--batch-size', '32'],
  },
  'pod-filter.yaml': {
    ...{ units: '100', locked: '1 x 1', library: library('bitfusion-client-ubuntu2004_4.0.1-5_amd64.deb') },
    python: [...train, '--precision=bf16'],
  },
  'pod-injection.yaml': {
    ...{ units: '75', locked: '1 x 0.75' },
    python: [
      ...['-m', 'trainer.prepare', '--cache', '/tmp/cache'],
      ...[...train, '--cache', '/tmp/cache', '--epochs', '20'],
      ...['-m', 'trainer.report', '--cache', '/tmp/cache'],
    ],
  },
  'pod-preinstalled.yaml': {
    ...{ units: '160', locked: '2 x 0.8', library: '' },
    python: ['model.py', '--batch-size', '64', '--output-path', '/tmp/data/', '--save-model'],
  },
  'job.yaml': {
    ...{ units: '27', memoryMiB: 4096, library: `${newest}:/opt/custom/lib` },
    python: ['-m', 'trainer.fine_tune', '--base=bert-base-uncased'],
  },
  'shell-text.yaml': {
    ...{ units: '7', locked: '1 x 0.07' },
    python: [
      ...['-m', 'trainer.task', '--name', 'first try'],
      ...['--epochs', '3', '--tag', 'with blanks and a $SIGN'],
    ],
  },
  'non-root.yaml': {
    ...{ units: '60', locked: '1 x 0.6', user: '1000' },
    python: [...train, '--output=/output'],
  },
};

describe.runIf(hasOwnControlPlane())('the examples on a cluster', () => {
  let administered: AdministeredCluster;
  let cluster: OneNodeCluster;

  beforeAll(async () => {
    administered = await installedCluster();
    cluster = administered.cluster;
    await loadWorkloadImages(cluster);
    await mkdir(join(cluster.kubeletDirectory, 'benchmarks'));
    for (const name of ['tensorflow-benchmark', 'ml-serving', 'cnasg']) {
      await cluster.createNamespace(name, { exact: true });
    }
    const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await cluster.createNamespace('ml-restricted', { exact: true, labels: restricted });
    for (let number = 0; number < 4; number++) await cluster.api.create(volume(number));
  }, 900_000);
  afterAll(() => administered[Symbol.asyncDispose]());

  /** Creates an example's objects by kubectl, and gives the last of them. */
  async function create(file: string): Promise<ApiObject> {
    const documents = parseAllDocuments(await readFile(join(examples, file), 'utf8'));
    const objects = documents.map((document) => runnable(document.toJS() as ApiObject));
    const { directory, sh } = administered.shell;
    // As JSON, where no word can be taken for a boolean.
    await writeFile(join(directory, file), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    await sh(`kubectl create -f ${file}`);
    const last = objects.at(-1);
    if (last === undefined) throw new Error(`${file} has no object`);
    return last;
  }

  it.concurrent.each(Object.entries(programs))(
    '%s runs to its end',
    async (file, { units, ...expected }) => {
      const [pod] = await podsOf(cluster, await create(file), 1);
      expect(pod && Object.values(unitsOf(pod))).toEqual([units]);
      const log = await logOf(cluster, pod ?? { apiVersion: 'v1', kind: 'Pod', metadata: {} });
      expect(readClientLog(log)).toMatchObject(expected);
    },
    180_000,
  );

  it.concurrent(
    'health-job.yaml has the client and the token, and no GPU',
    async () => {
      const [pod] = await podsOf(cluster, await create('health-job.yaml'), 1);
      if (pod === undefined) throw new Error('no pod');
      expect(await logOf(cluster, pod)).toContain('Health report for server: 192.0.2.1:56001');
      expect(unitsOf(pod)).toEqual({ health: undefined });
    },
    180_000,
  );

  it.concurrent(
    'multi-container.yaml: two users with GPUs of their own, and a container that knows nothing of it',
    async () => {
      const [pod] = await podsOf(cluster, await create('multi-container.yaml'), 1);
      if (pod === undefined) throw new Error('no pod');
      const trainer = readClientLog(await logOf(cluster, pod, { container: 'train' }));
      expect(trainer).toMatchObject({ locked: '2 x 0.4', user: '1000' });
      const evaluation = readClientLog(await logOf(cluster, pod, { container: 'evaluate' }));
      expect(evaluation).toMatchObject({ memoryMiB: 2048, user: '2000' });
      const metrics = await logOf(cluster, pod, { container: 'metrics' });
      expect(metrics).toBe('entrypoint: --statsd.listen-udp=:8125\n');
      expect(unitsOf(pod)).toEqual({ train: '80', evaluate: '14', metrics: undefined });
    },
    180_000,
  );

  it.concurrent(
    'sidecar.yaml: both serve, each with a part of its own',
    async () => {
      const [pod] = await podsOf(cluster, await create('sidecar.yaml'), 1);
      if (pod === undefined) throw new Error('no pod');
      const serving = { serves: true } as const;
      expect(readClientLog(await logOf(cluster, pod, { ...serving, container: 'ranker' })).locked).toBe(
        '1 x 0.45',
      );
      expect(readClientLog(await logOf(cluster, pod, { ...serving, container: 'embeddings' })).locked).toBe(
        '1 x 0.3',
      );
    },
    180_000,
  );

  it.concurrent(
    'deployment.yaml serves with as many replicas as it is scaled to',
    async () => {
      const deployment = await create('deployment.yaml');
      await administered.shell.sh('kubectl scale deployment classifier -n ml-serving --replicas=3');
      for (const pod of await podsOf(cluster, deployment, 3)) {
        const { locked, python } = readClientLog(await logOf(cluster, pod, { serves: true }));
        expect(locked).toBe('1 x 0.25');
        expect(python).toEqual(['-m', 'classifier.server', '--port=8080', '--labels=cat,dog,not a "pet"']);
      }
    },
    180_000,
  );

  it.concurrent(
    'statefulset.yaml: each of three pods by its name',
    async () => {
      const set = await create('statefulset.yaml');
      for (const pod of await podsOf(cluster, set, 3)) {
        const { locked, python } = readClientLog(await logOf(cluster, pod, { serves: true }));
        expect(locked).toBe('2 x 0.1');
        expect(python).toEqual(['-m', 'index.shard', `--name=${pod.metadata.name ?? ''}`, '--data=/data']);
      }
    },
    180_000,
  );

  it.concurrent(
    'cronjob.yaml: a job of it takes a whole GPU for all of its line',
    async () => {
      await create('cronjob.yaml');
      const namespace = 'tensorflow-benchmark';
      await administered.shell.sh(
        `kubectl create job nightly -n ${namespace} --from=cronjob/nightly-evaluation`,
      );
      const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'nightly', namespace } };
      const [pod] = await podsOf(cluster, job, 1);
      if (pod === undefined) throw new Error('no pod');
      expect(containersOf(pod)[0]?.command).not.toContain('-p');
      const { locked, python } = readClientLog(await logOf(cluster, pod));
      expect(locked).toBe('1 x 1');
      expect(python.slice(0, 3)).toEqual(['-m', 'trainer.evaluate', '--day']);
      expect(python.slice(-2)).toEqual(['-m', 'trainer.publish']);
    },
    180_000,
  );
});

/** Storage for the claims of the examples, in the folder of the node that is its own. */
function volume(number: number): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `volume-${number}` },
    spec: {
      capacity: { storage: '20Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: `/var/lib/kubelet/volume-${number}`, type: 'DirectoryOrCreate' },
    },
  };
}
