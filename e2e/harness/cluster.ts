import { createApiClient, type ApiClient } from './api-client.ts';
import { ApiError } from './api-client.ts';
import { kubectlFor, type Kubectl } from './kubectl.ts';
import { poll } from './poll.ts';

/** A Kubernetes to talk to as its administrator, be it started here or there before. */
export interface Cluster {
  readonly kubeconfigPath: string;
  readonly api: ApiClient;
  readonly kubectl: Kubectl;
  /** Makes a namespace of a fresh name that starts with `stem`, ready for pods; gives its name. */
  createNamespace(stem: string, labels?: Readonly<Record<string, string>>): Promise<string>;
}

export interface ClusterOptions {
  readonly kubeconfigPath: string;
  readonly kubectl: string;
  /** For kubectl's cache. */
  readonly homeDirectory: string;
  /** False where no controller makes the `default` ServiceAccount: it is then made here. */
  readonly hasControllers: boolean;
}

export function connectCluster(options: ClusterOptions): Cluster {
  const api = createApiClient(options.kubeconfigPath);
  return {
    kubeconfigPath: options.kubeconfigPath,
    api,
    kubectl: kubectlFor(options.kubectl, options.kubeconfigPath, options.homeDirectory),
    async createNamespace(stem, labels = {}) {
      const { body } = await api.create({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { generateName: `${stem}-`, labels },
      });
      const namespace = body.metadata.name ?? '';
      await haveServiceAccount(api, namespace, 'default', options.hasControllers);
      return namespace;
    },
  };
}

/** No pod is admitted before its ServiceAccount is there. */
async function haveServiceAccount(
  api: ApiClient,
  namespace: string,
  name: string,
  isMadeByController: boolean,
): Promise<void> {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } };
  if (!isMadeByController) await api.create(account).catch(ignoreExisting);
  await poll(() => api.read(account), { what: `service account ${namespace}/${name}`, within: 15_000 });
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof ApiError && error.code === 409)) throw error;
}
