import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { readAuditLog, type AuditEvent } from './audit-log.ts';
import { connectCluster, type Cluster } from './cluster.ts';
import type { Component } from './component.ts';
import { writeControlPlaneFiles } from './control-plane-files.ts';
import { startEtcd } from './etcd.ts';
import { freePorts } from './free-ports.ts';
import { auditLogName, startKubeApiserver } from './kube-apiserver.ts';
import { startKubeControllerManager } from './kube-controller-manager.ts';
import { writeServiceAccountKubeconfig } from './service-account.ts';
import type { KubernetesVersion, Toolbox } from './tool-binaries.ts';

export interface ControlPlaneOptions {
  readonly tools: Toolbox;
  /** 1.37 unless given. */
  readonly version?: KubernetesVersion;
  /** A folder for its files is made in here, and removed at the end. */
  readonly workDirectory: string;
  /** Whether Deployments, Jobs and the like make pods; true unless given. */
  readonly controllers?: boolean;
  /** Admission plugins beyond Kubernetes' default ones. */
  readonly admissionPlugins?: readonly string[];
}

export interface RestartOptions {
  /** `graceful` (TERM, requests in flight are finished) unless given; `crash` is KILL. */
  readonly end?: 'graceful' | 'crash';
  /** Awaited while the API server is down. */
  readonly meanwhile?: () => Promise<void>;
}

/** A Kubernetes of this process' own, on loopback: etcd, API server and, unless switched off, controllers. */
export interface ControlPlane extends Cluster, AsyncDisposable {
  /** `https://127.0.0.1:PORT`; stays the same over restarts. */
  readonly server: string;
  /** PEM of the CA that signs the API server's certificate. */
  readonly ca: string;
  /** Certificates, kubeconfigs and the components' logs. */
  readonly directory: string;
  /** The components' process ids, in the order of their start. */
  readonly pids: readonly number[];
  /** Writes a kubeconfig that speaks as an existing ServiceAccount; gives its path. */
  serviceAccountKubeconfig(namespace: string, name: string): Promise<string>;
  auditLog(): Promise<readonly AuditEvent[]>;
  restartApiServer(options?: RestartOptions): Promise<void>;
}

/** For a restart that waits for requests in flight, watches of controllers and informers among them. */
const restartGrace = 60_000;

/** Resolves when pods can be created; whatever was started is ended when a part of it does not get ready. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  await using failed = new AsyncDisposableStack();
  const directory = await mkdtemp(join(options.workDirectory, 'control-plane-'));
  failed.defer(() => rm(directory, { recursive: true, force: true }));
  const [port = 0, clientPort = 0, peerPort = 0, controllerPort = 0] = await freePorts(4);
  const server = `https://127.0.0.1:${port}`;
  const { ca, adminKubeconfig, controllerManagerKubeconfig } = await writeControlPlaneFiles(
    directory,
    server,
  );

  const tools = options.tools[options.version ?? '1.37'];
  const etcd = failed.use(await startEtcd({ binary: tools.etcd, directory, clientPort, peerPort }));
  const startApiServer = (): Promise<Component> =>
    startKubeApiserver({
      binary: tools['kube-apiserver'],
      directory,
      port,
      etcdPort: clientPort,
      ca,
      admissionPlugins: ['NodeRestriction', ...(options.admissionPlugins ?? [])],
    });
  let apiServer = await startApiServer();
  failed.defer(() => apiServer[Symbol.asyncDispose]());
  const hasControllers = options.controllers ?? true;
  const components = [etcd];
  if (hasControllers) {
    // Ends before the API server, which would wait for its watches.
    const controllerManager = await startKubeControllerManager({
      binary: tools['kube-controller-manager'],
      directory,
      port: controllerPort,
      kubeconfigPath: controllerManagerKubeconfig,
      ca,
    });
    components.push(failed.use(controllerManager));
  }
  const cluster = connectCluster({
    kubeconfigPath: adminKubeconfig,
    kubectl: tools.kubectl,
    homeDirectory: directory,
    hasControllers,
  });

  const everything = failed.move();
  return {
    ...cluster,
    server,
    ca,
    directory,
    get pids() {
      const [first, ...others] = components.map(({ pid }) => pid);
      return [first ?? 0, apiServer.pid, ...others];
    },
    serviceAccountKubeconfig: (namespace, name) => {
      const file = join(directory, `${namespace}-${name}.kubeconfig`);
      return writeServiceAccountKubeconfig(cluster.api, { namespace, name, server, ca, file });
    },
    auditLog: () => readAuditLog(join(directory, auditLogName)),
    async restartApiServer({ end = 'graceful', meanwhile } = {}) {
      await (end === 'crash' ? apiServer.kill() : apiServer.stop(restartGrace));
      await meanwhile?.();
      apiServer = await startApiServer();
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
