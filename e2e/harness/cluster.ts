import { ApiError, createApiClient, type ApiClient } from './api-client.ts';
import { kubectlFor, type Kubectl } from './kubectl.ts';
import { poll } from './poll.ts';

export interface NamespaceOptions {
  readonly labels?: Readonly<Record<string, string>>;
  /** The name as it is given, instead of a fresh one that starts with it. */
  readonly exact?: boolean;
}

/** A Kubernetes to talk to as its administrator, be it started here or there before. */
export interface Cluster {
  readonly kubeconfigPath: string;
  readonly api: ApiClient;
  readonly kubectl: Kubectl;
  /** Makes a namespace of a fresh name that starts with `name`, ready for pods; gives its name. */
  createNamespace(name: string, options?: NamespaceOptions): Promise<string>;
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
    async createNamespace(name, { labels = {}, exact = false } = {}) {
      const { body } = await api.create({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { ...(exact ? { name } : { generateName: `${name}-` }), labels },
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
