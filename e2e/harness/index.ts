export { ApiError, type ApiAnswer, type ApiClient, type ApiStatus, type WriteOptions } from './api-client.ts';
export type { ApiObject, ApiReference } from './api-object.ts';
export type { AuditEvent } from './audit-log.ts';
export { provideTools, type ToolSources } from './build-tools.ts';
export {
  createCertificateAuthority,
  type CertificateAndKey,
  type CertificateAuthority,
} from './certificate-authority.ts';
export { connectCluster, type Cluster, type ClusterOptions, type NamespaceOptions } from './cluster.ts';
export {
  startControlPlane,
  type ControlPlane,
  type ControlPlaneOptions,
  type RestartOptions,
} from './control-plane.ts';
export type { Kubectl, KubectlResult } from './kubectl.ts';
export { poll, type PollOptions } from './poll.ts';
export { findTools, type KubernetesVersion, type ToolBinaries, type Toolbox } from './tool-binaries.ts';
