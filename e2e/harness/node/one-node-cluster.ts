import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { ApiObject } from '../api-object.ts';
import {
  startControlPlane,
  type ControlPlane,
  type ControlPlaneOptions,
  type RestartOptions,
} from '../control-plane.ts';
import { nodePrograms } from '../kubernetes-version.ts';
import { poll } from '../poll.ts';
import { programsOf } from '../tool-sets.ts';
import { createCgroup } from './cgroups.ts';
import { startContainerd } from './containerd.ts';
import type { KubeletSettings } from './kubelet-configuration.ts';
import { startKubelet, writeKubeletFiles } from './kubelet.ts';
import { startMachine } from './machine.ts';
import { nodeNetwork } from './network.ts';

export interface OneNodeClusterOptions extends Omit<
  ControlPlaneOptions,
  'scheduler' | 'controllers' | 'advertiseAddress'
> {
  /** The OCI archive of `localhost/pause:1`, which holds each pod's namespaces. */
  readonly pauseImage: string;
}

/** What a node says of a resource: quantities as Kubernetes writes them, such as `1k`; undefined when it has none. */
export interface NodeResources {
  readonly capacity: Readonly<Record<string, string>>;
  readonly allocatable: Readonly<Record<string, string>>;
}

/** A whole Kubernetes whose pods run, on one node in namespaces of its own. One at a time in a run. */
export interface OneNodeCluster extends ControlPlane {
  readonly nodeName: string;
  /** An address of the machine that pods, and the API server's webhooks, reach the test process at. */
  readonly hostAddress: string;
  /** `/var/lib/kubelet/device-plugins` of the node, as it is seen from outside. */
  readonly devicePluginDirectory: string;
  /** `/var/lib/kubelet` of the node, as it is seen from outside. */
  readonly kubeletDirectory: string;
  /** Below which the kubelet keeps the cgroups of its pods. */
  readonly cgroup: string;
  node(): Promise<NodeResources>;
  /** Imports the images of an OCI archive. */
  loadImage(archive: string): Promise<void>;
  /** Gives an image that is there further names, each with its registry: `docker.io/library/ubuntu:20.04`. */
  nameImage(name: string, others: readonly string[]): Promise<void>;
  /** The kubelet alone: pods go on running. Resolves when it is healthy again. */
  restartKubelet(options?: RestartOptions): Promise<void>;
  kubeletLog(): Promise<string>;
  /** Runs a program in the node's namespaces to its end; gives what it wrote. */
  runOnNode(program: string, args: readonly string[]): Promise<string>;
}

const nodeName = 'node';
/** A kubelet ends within a second of TERM; pods are not its to end. */
const kubeletGrace = 10_000;

/** Resolves when the node is `Ready`; whatever was started is ended when a part of it does not get ready. */
export async function startCluster(options: OneNodeClusterOptions): Promise<OneNodeCluster> {
  const { tools, workDirectory, version = '1.37' } = options;
  const { controlPlaneAddress, nodeAddress } = nodeNetwork;
  // Named before anything starts: what the run has not provided is said at once.
  const containerdPrograms = programsOf(tools, 'containerd');
  const { kubelet: binary } = nodePrograms(tools, version);
  await using failed = new AsyncDisposableStack();
  const directory = await mkdtemp(join(workDirectory, 'node-'));
  failed.defer(() => rm(directory, { recursive: true, force: true }));
  const cgroup = `bwki-e2e-${randomUUID().slice(0, 8)}`;
  failed.use(await createCgroup(cgroup));
  const machine = failed.use(await startMachine({ directory, hostname: nodeName }));

  const startRuntime = async () => {
    const containerd = await startContainerd({ programs: containerdPrograms, machine, directory });
    await containerd.loadImage(options.pauseImage);
    return containerd;
  };
  const [plane, runtime] = await Promise.allSettled([
    startControlPlane({
      ...options,
      controllers: true,
      scheduler: true,
      advertiseAddress: controlPlaneAddress,
    }),
    startRuntime(),
  ]);
  if (plane.status === 'fulfilled') failed.use(plane.value);
  if (plane.status === 'rejected') throw plane.reason;
  if (runtime.status === 'rejected') throw runtime.reason;
  const controlPlane = plane.value;
  const containerd = runtime.value;

  const settings: KubeletSettings = {
    ...{ version, directory, nodeName, nodeAddress, cgroup },
    containerdSocket: containerd.socket,
  };
  const server = `https://${controlPlaneAddress}:${new URL(controlPlane.server).port}`;
  await writeKubeletFiles(settings, server, controlPlane.authority);
  const start = () => startKubelet({ ...settings, binary, machine });
  let kubelet = await start();
  failed.defer(() => kubelet.kill());

  const readNode = () =>
    controlPlane.api.read({ apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName } });
  await poll(async () => (isReady(await readNode()) ? true : undefined), {
    what: `the node to be Ready (${join(directory, 'kubelet.log')})`,
    within: 60_000,
  });
  const everything = failed.move();
  return {
    ...controlPlane,
    nodeName,
    cgroup,
    hostAddress: controlPlaneAddress,
    kubeletDirectory: machine.kubeletDirectory,
    devicePluginDirectory: join(machine.kubeletDirectory, 'device-plugins'),
    async node() {
      const { capacity = {}, allocatable = {} } = (await readNode())['status'] as Partial<NodeResources>;
      return { capacity, allocatable };
    },
    loadImage: containerd.loadImage,
    nameImage: containerd.nameImage,
    async restartKubelet({ end = 'graceful', meanwhile } = {}) {
      await (end === 'crash' ? kubelet.kill() : kubelet.stop(kubeletGrace));
      await meanwhile?.();
      kubelet = await start();
    },
    kubeletLog: () => readFile(join(directory, 'kubelet.log'), 'utf8'),
    runOnNode: machine.run,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

function isReady(node: ApiObject): boolean {
  const { conditions = [] } = node['status'] as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}
