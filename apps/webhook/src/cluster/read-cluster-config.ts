// Not from the package's index, which loads the whole generated API: credentials alone are needed.
import { StartFault } from '@bwki/daemon';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import type { Cluster } from '@kubernetes/client-node/dist/config_types.js';

/** A cluster, and how to prove to it who one is. */
export interface ClusterConfig {
  readonly config: KubeConfig;
  readonly cluster: Cluster;
}

/**
 * The current cluster of a kubeconfig, or the one that this process is a pod of.
 *
 * @throws StartFault where there is none
 */
export function readClusterConfig(kubeconfig: string | undefined): ClusterConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromCluster();
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    // The parser's own text may quote what is in the file.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no kubeconfig in YAML';
    throw new StartFault([`${kubeconfig ?? 'service account'}: cannot be read (${code})`]);
  }
  const cluster = config.getCurrentCluster();
  if (cluster !== null && URL.canParse(cluster.server)) return { config, cluster };
  throw new StartFault([
    kubeconfig === undefined
      ? 'this is no pod of a cluster, which --ownCertificates, --tokenCopies and --resourceOffers need: give --kubeconfig'
      : `${kubeconfig}: has no current cluster`,
  ]);
}
