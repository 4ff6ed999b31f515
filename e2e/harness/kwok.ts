import { readFile, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';

import { createApiClient } from './api-client.ts';
import { startComponent, type Component } from './component.ts';
import type { ControlPlane } from './control-plane.ts';
import { freePorts } from './free-ports.ts';
import { inParallel } from './in-parallel.ts';
import { probe } from './probe.ts';
import type { Programs } from './tool-sets.ts';

/** Five times as often as a kubelet of which nothing changes; each node at another moment. */
const heartbeat = { durationMilliseconds: 50_000, jitterDurationMilliseconds: 70_000 };
const connections = 16;

/**
 * Starts kwok, which plays the kubelets of all nodes: a pod that the scheduler has given to one is Running at once,
 * without a container, and each node writes its status about once a minute.
 */
export async function startKwok(plane: ControlPlane, { kwok, stages }: Programs<'kwok'>): Promise<Component> {
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port ?? 0}`;
  const stage = (file: string): string => join(stages, file);
  const configurations = [
    await writeConfiguration(plane.directory, stage('node/heartbeat/node-heartbeat.yaml')),
    stage('node/fast/node-initialize.yaml'),
    stage('pod/fast/pod-ready.yaml'),
    stage('pod/fast/pod-delete.yaml'),
  ];
  return startComponent({
    name: 'kwok',
    binary: kwok,
    args: [
      `--kubeconfig=${plane.kubeconfigPath}`,
      '--manage-all-nodes=true',
      `--server-address=${address}`,
      // It tells of each pod otherwise.
      '--v=WARN',
      ...configurations.map((file) => `--config=${file}`),
    ],
    env: { HOME: plane.directory },
    logFile: join(plane.directory, 'kwok.log'),
    isReady: () => probe(`http://${address}/healthz`),
    readyWithin: 30_000,
  });
}

/** Its options, and its own stage of a heartbeat at our pace. */
async function writeConfiguration(directory: string, heartbeatStage: string): Promise<string> {
  const stage = parse(await readFile(heartbeatStage, 'utf8')) as { readonly spec: object };
  const options = {
    apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
    kind: 'KwokConfiguration',
    options: { podPlayStageParallelism: connections, nodePlayStageParallelism: connections },
  };
  const file = join(directory, 'kwok.yaml');
  const documents = [options, { ...stage, spec: { ...stage.spec, delay: heartbeat } }];
  await writeFile(file, documents.map((document) => stringify(document)).join('---\n'));
  return file;
}

/** Quantities by resource, as a node has them: `pods` and `cpu` and whatever pods ask for. */
export type NodeCapacity = Readonly<Record<string, string>>;

/** Makes nodes `node-0` and so on, ready for pods, on a control plane that has no controllers. */
export async function createNodes(plane: ControlPlane, count: number, capacity: NodeCapacity): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const api = createApiClient(plane.kubeconfigPath, agent);
  const names = Array.from({ length: count }, (_, index) => `node-${index}`);
  try {
    await inParallel(names, connections, async (name) => {
      const metadata = { name, labels: { 'kubernetes.io/hostname': name } };
      const node = { apiVersion: 'v1', kind: 'Node', metadata };
      await api.create({ ...node, status: { capacity, allocatable: capacity } });
      // Admission marks a new node as not ready; the controller that takes the mark off again is not there.
      await api.merge(node, { spec: { taints: null } });
    });
  } finally {
    agent.destroy();
  }
}
