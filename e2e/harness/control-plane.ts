import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { readAuditLog, type AuditEvent } from './audit-log.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { connectCluster, type Cluster } from './cluster.ts';
import type { Component } from './component.ts';
import { writeControlPlaneFiles } from './control-plane-files.ts';
import { startEtcd } from './etcd.ts';
import { freePorts } from './free-ports.ts';
import { auditLogName, startKubeApiserver } from './kube-apiserver.ts';
import { startKubeControllerManager, startKubeScheduler } from './kube-control-loop.ts';
import { writeServiceAccountKubeconfig } from './service-account.ts';
import { controlPlanePrograms, nodePrograms, type KubernetesVersion } from './kubernetes-version.ts';
import type { Toolbox } from './tool-sets.ts';

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
  /** Whether pods are given to nodes; false unless given, and then the toolbox has the version's programs of a node. */
  readonly scheduler?: boolean;
  /**
   * Where nodes and pods reach the API server, an address of this machine that is not on loopback; it then listens on
   * all addresses, at the port that the Service `kubernetes` has: 443.
   */
  readonly advertiseAddress?: string;
}

export interface RestartOptions {
  /** `graceful` (TERM, requests in flight are finished) unless given; `crash` is KILL. */
  readonly end?: 'graceful' | 'crash';
  /** Awaited while the API server is down. */
  readonly meanwhile?: () => Promise<void>;
}

/** A Kubernetes of this process' own: etcd, API server, unless switched off controllers, and if wanted a scheduler. */
export interface ControlPlane extends Cluster, AsyncDisposable {
  /** `https://127.0.0.1:PORT`; stays the same over restarts. */
  readonly server: string;
  /** PEM of the CA that signs the API server's certificate. */
  readonly ca: string;
  /** That CA, for certificates of nodes and users. */
  readonly authority: CertificateAuthority;
  /** Certificates, kubeconfigs and the components' logs. */
  readonly directory: string;
  /** The components' process ids, in the order of their start. */
  readonly pids: readonly number[];
  /** Writes a kubeconfig that speaks as an existing ServiceAccount; gives its path. */
  serviceAccountKubeconfig(namespace: string, name: string): Promise<string>;
  auditLog(): Promise<readonly AuditEvent[]>;
  restartApiServer(options?: RestartOptions): Promise<void>;
}

/** Of the Service `kubernetes`: with no kube-proxy, nothing leads from there to another port. */
const servicePort = 443;
/** For a restart that waits for requests in flight, watches of controllers and informers among them. */
const restartGrace = 60_000;

/** Resolves when pods can be created; whatever was started is ended when a part of it does not get ready. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  await using failed = new AsyncDisposableStack();
  const directory = await mkdtemp(join(options.workDirectory, 'control-plane-'));
  failed.defer(() => rm(directory, { recursive: true, force: true }));
  const [freePort = 0, clientPort = 0, peerPort = 0, controllerPort = 0, schedulerPort = 0] =
    await freePorts(5);
  const { advertiseAddress, version = '1.37' } = options;
  const port = advertiseAddress === undefined ? freePort : servicePort;
  const server = `https://127.0.0.1:${port}`;
  const { authority, ...kubeconfigs } = await writeControlPlaneFiles(
    directory,
    server,
    advertiseAddress === undefined ? [] : [advertiseAddress],
  );
  const ca = authority.cert;

  const tools = controlPlanePrograms(options.tools, version);
  const etcd = failed.use(await startEtcd({ binary: tools.etcd, directory, clientPort, peerPort }));
  const startApiServer = (): Promise<Component> =>
    startKubeApiserver({
      binary: tools['kube-apiserver'],
      version,
      directory,
      port,
      etcdPort: clientPort,
      ca,
      admissionPlugins: ['NodeRestriction', ...(options.admissionPlugins ?? [])],
      advertiseAddress,
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
      kubeconfigPath: kubeconfigs.controllerManagerKubeconfig,
      ca,
    });
    components.push(failed.use(controllerManager));
  }
  if (options.scheduler === true) {
    const scheduler = await startKubeScheduler({
      binary: nodePrograms(options.tools, version)['kube-scheduler'],
      directory,
      port: schedulerPort,
      kubeconfigPath: kubeconfigs.schedulerKubeconfig,
      ca,
    });
    components.push(failed.use(scheduler));
  }
  const cluster = connectCluster({
    kubeconfigPath: kubeconfigs.adminKubeconfig,
    kubectl: tools.kubectl,
    homeDirectory: directory,
    hasControllers,
  });

  const everything = failed.move();
  return {
    ...cluster,
    server,
    ca,
    authority,
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
