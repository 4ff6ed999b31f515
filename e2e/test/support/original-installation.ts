import {
  createCertificateAuthority,
  poll,
  type ApiObject,
  type OneNodeCluster,
} from '../../harness/index.ts';
import { repository } from './product-images.ts';

/** Names that the original has and this project has not. */
export const original = Object.freeze({
  daemonSet: 'bitfusion-cli-device-plugin',
  /** What its webhook puts in front of pods: by the default of the policy, which no installed webhook has. */
  clientImage: 'bitfusion-client:0.1.0',
});

const bwki = { namespace: 'bwki' };
const app = { app: 'bwki' };
const podRules = [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }];

/**
 * The original's objects with their names, labels and ways, so far as its documents and its Makefile tell: the
 * certificate from openssl in `cert.pem` and `key.pem`, all pods sent, an account that may do everything. In the place
 * of its programs are this project's, by the original's flags.
 */
export async function installOriginal(cluster: OneNodeCluster): Promise<void> {
  await cluster.createNamespace('bwki', { exact: true });
  const authority = await createCertificateAuthority();
  const { cert, key } = await authority.issueServing(['bwki-webhook-svc.bwki.svc'], []);
  const caBundle = Buffer.from(authority.cert).toString('base64');
  const objects: readonly ApiObject[] = [
    secretOf('bwki-webhook-certs', { 'cert.pem': cert, 'key.pem': key }),
    configMapOf('bwki-webhook-configmap', 'sidecarconfig.yaml'),
    configMapOf('bwki-bitfusion-client-configmap', 'bitfusion-client-config.yaml'),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'bwki-webhook-deployment', ...bwki } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'bwki-webhook-deployment' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', ...bwki }],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'bwki-webhook-svc', labels: app, ...bwki },
      spec: { ports: [{ port: 443, targetPort: 8443 }], selector: app },
    },
    webhookDeployment(),
    devicePlugin(),
  ];
  for (const object of objects) await create(cluster, object);
  await succeeds(cluster, 'rollout', 'status', '-n', 'bwki', 'deployment/bitfusion-webhook-deployment');
  await succeeds(cluster, 'rollout', 'status', '-n', 'kube-system', `daemonset/${original.daemonSet}`);
  for (const configuration of configurations(caBundle)) await create(cluster, configuration);
}

/** By kubectl, as the original's Makefile does, so that the fields are kubectl's. */
async function create(cluster: OneNodeCluster, object: ApiObject): Promise<void> {
  const { status, stderr } = await cluster.kubectl(['create', '-f', '-'], JSON.stringify(object));
  if (status !== 0) throw new Error(stderr);
}

async function succeeds(cluster: OneNodeCluster, ...args: readonly string[]): Promise<void> {
  await poll(
    async () => {
      const { status, stderr } = await cluster.kubectl([...args, '--timeout=30s']);
      if (status !== 0) throw new Error(stderr);
      return true;
    },
    { what: args.join(' '), within: 120_000 },
  );
}

function secretOf(name: string, stringData: Readonly<Record<string, string>>): ApiObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, ...bwki }, stringData };
}

function configMapOf(name: string, key: string): ApiObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...bwki }, data: { [key]: '{}' } };
}

function webhookDeployment(): ApiObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'bitfusion-webhook-deployment', labels: app, ...bwki },
    spec: {
      replicas: 1,
      selector: { matchLabels: app },
      template: {
        metadata: { labels: app },
        spec: {
          securityContext: { runAsUser: 0 },
          containers: [
            {
              name: 'bwki',
              image: `${repository}/bitfusion-webhook:0.1.0`,
              args: ['--tlsCertFile=/etc/webhook/certs/cert.pem', '--tlsKeyFile=/etc/webhook/certs/key.pem'],
              env: [{ name: 'TOTAL_GPU_MEMORY', value: '16000' }],
              readinessProbe: { tcpSocket: { port: 8443 }, periodSeconds: 1 },
              volumeMounts: [{ name: 'webhook-certs', mountPath: '/etc/webhook/certs', readOnly: true }],
            },
          ],
          volumes: [{ name: 'webhook-certs', secret: { secretName: 'bwki-webhook-certs' } }],
        },
      },
    },
  };
}

function devicePlugin(): ApiObject {
  const labels = { tier: 'node' };
  const variables = {
    SOCKET_NAME: 'bitfusion.io',
    INTERVAL: '10',
    RESOURCE_NAME: 'bitfusion.io/gpu',
    RESOURCE_NUMS: '1000',
  };
  const mountPath = '/var/lib/kubelet';
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: original.daemonSet, namespace: 'kube-system' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          containers: [
            {
              name: 'bitfusion-device-plugin',
              image: `${repository}/bitfusion-device-plugin:0.1.0`,
              // The original's is privileged, which the API server of the tests allows nobody.
              securityContext: { runAsUser: 0 },
              env: Object.entries(variables).map(([name, value]) => ({ name, value })),
              volumeMounts: [{ name: 'kubelet-socket', mountPath }],
            },
          ],
          volumes: [{ name: 'kubelet-socket', hostPath: { path: mountPath } }],
        },
      },
    },
  };
}

function configurations(caBundle: string): readonly ApiObject[] {
  const webhook = (name: string, path: string): object => ({
    name,
    clientConfig: { service: { name: 'bwki-webhook-svc', ...bwki, path }, caBundle },
    admissionReviewVersions: ['v1', 'v1beta1'],
    sideEffects: 'None',
    timeoutSeconds: 5,
    rules: podRules,
  });
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'bwki-webhook-cfg', labels: { app: 'vmware-injector' } },
      webhooks: [webhook('bwkimua.bitfusion.io', '/mutate')],
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'validation.bitfusion.io-cfg', labels: app },
      webhooks: [webhook('bwkival.bitfusion.io', '/validate')],
    },
  ];
}
