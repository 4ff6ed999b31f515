export {
  ApiError,
  createApiClient,
  type ApiAnswer,
  type ApiClient,
  type ApiStatus,
  type WriteOptions,
} from './api-client.ts';
export type { ApiObject, ApiReference } from './api-object.ts';
export type { AuditEvent } from './audit-log.ts';
export { provideTools, type ToolSources } from './build-tools.ts';
export {
  createCertificateAuthority,
  type CertificateAndKey,
  type CertificateAuthority,
} from './certificate-authority.ts';
export { startComponent, type Component } from './component.ts';
export { connectCluster, type Cluster, type ClusterOptions, type NamespaceOptions } from './cluster.ts';
export {
  startControlPlane,
  type ControlPlane,
  type ControlPlaneOptions,
  type RestartOptions,
} from './control-plane.ts';
export { inParallel } from './in-parallel.ts';
export { createNodes, startKwok, type NodeCapacity } from './kwok.ts';
export type { Kubectl, KubectlResult } from './kubectl.ts';
export { poll, type PollOptions } from './poll.ts';
export { run } from './run.ts';
export { findInPath } from './find-programs.ts';
export { freePorts } from './free-ports.ts';
export { buildBaseImages, type BaseImageOptions, type BaseImages } from './images/base-images.ts';
export { buildImage, type ImageOptions } from './images/build-image.ts';
export type { KubernetesVersion } from './kubernetes-version.ts';
export {
  startCluster,
  type NodeResources,
  type OneNodeCluster,
  type OneNodeClusterOptions,
} from './node/one-node-cluster.ts';
export { isToolSetName, programsOf, type Programs, type Toolbox, type ToolSetName } from './tool-sets.ts';
