import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fenceObjects, objectNames, rbacObjects, webhookConfigurations } from '@bwki/webhook';
import { describe, expect, it } from 'vitest';

import { nameOf, readManifests, type Manifest } from '../src/manifest.ts';
import { kustomizeDirectory } from '../src/paths.ts';
import { fromApp } from './apps.ts';

/** The chart's defaults, as the end-to-end tests hold them against what Helm renders. */
const base = readManifests(readFileSync(join(kustomizeDirectory, 'base/bwki.yaml'), 'utf8'));

type ReadCommandLine = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  version: string,
) => { readonly kind: string; readonly text?: string; readonly options?: Readonly<Record<string, unknown>> };

interface Container {
  readonly readinessProbe?: object;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

const fence = readManifests(readFileSync(join(kustomizeDirectory, 'components/fence/fence.yaml'), 'utf8'));

function find(name: string): Manifest {
  const found = [...base, ...fence].find((manifest) => nameOf(manifest) === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** Without the labels, which are for people. */
function plain(name: string): unknown {
  const { metadata, ...rest } = find(name);
  const named = Object.entries(metadata).filter(([key]) => key !== 'labels');
  return { ...rest, metadata: Object.fromEntries(named) };
}

function containerOf(name: string): Container {
  const { template } = find(name)['spec'] as { template: { spec: { containers: readonly [Container] } } };
  return template.spec.containers[0];
}

/** The API server and the webhook have to select the same namespaces. */
function selectorOfConfigurations(): unknown {
  const selectors = [
    `MutatingWebhookConfiguration ${objectNames.mutatingConfiguration}`,
    `ValidatingWebhookConfiguration ${objectNames.validatingConfiguration}`,
  ].map((name) => (find(name)['webhooks'] as readonly { namespaceSelector: object }[])[0]?.namespaceSelector);
  expect(selectors[0]).toEqual(selectors[1]);
  return selectors[0];
}

async function read(app: string, { args = [], env = [] }: Container) {
  const { readCommandLine } = await fromApp<{ readonly readCommandLine: ReadCommandLine }>(
    `${app}/src/command-line.ts`,
  );
  const variables = Object.fromEntries(env.map(({ name, value = 'bwki' }) => [name, value]));
  return readCommandLine(args, variables, '0');
}

describe('manifests', () => {
  it('§6: have the names that clusters with the original know', () => {
    expect(base.map(nameOf).sort()).toEqual([
      'ClusterRole bitfusion-webhook-deployment',
      'ClusterRoleBinding bitfusion-webhook-deployment',
      'ConfigMap bwki/bwki-webhook-configmap',
      'DaemonSet kube-system/bitfusion-device-plugin',
      'Deployment bwki/bitfusion-webhook-deployment',
      'MutatingWebhookConfiguration bwki-webhook-cfg',
      'NetworkPolicy bwki/bitfusion-webhook-deployment',
      'PodDisruptionBudget bwki/bitfusion-webhook-deployment',
      'Role bwki/bitfusion-webhook-deployment',
      'RoleBinding bwki/bitfusion-webhook-deployment',
      'Service bwki/bwki-webhook-svc',
      'ServiceAccount bwki/bitfusion-webhook-deployment',
      'ServiceAccount kube-system/bitfusion-device-plugin',
      'ValidatingWebhookConfiguration validation.bitfusion.io-cfg',
    ]);
  });

  it('§6: show what the checks of the original expect: 443/TCP alone, one key, the label of the plugin', () => {
    const { ports } = find('Service bwki/bwki-webhook-svc')['spec'] as { ports: readonly object[] };
    expect(ports).toEqual([{ name: 'admission', port: 443, targetPort: 'admission' }]);
    expect(Object.keys(find('ConfigMap bwki/bwki-webhook-configmap')['data'] as object)).toHaveLength(1);
    expect(find('DaemonSet kube-system/bitfusion-device-plugin')).toMatchObject({
      metadata: { labels: { app: 'bitfusion-device-plugin' } },
      spec: { template: { metadata: { labels: { app: 'bitfusion-device-plugin' } } } },
    });
  });

  it('have the webhook configurations and the rights that the webhook has as data', () => {
    const { mutating, validating } = webhookConfigurations({
      address: { kind: 'service' },
      hasMatchConditions: true,
    });
    const excluded = {
      matchExpressions: [
        { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['bwki', 'kube-system'] },
      ],
    };
    for (const { kind, metadata, webhooks, ...rest } of [mutating, validating]) {
      const name = `${kind ?? ''} ${metadata?.name ?? ''}`;
      const expected = {
        kind,
        metadata,
        ...rest,
        webhooks: [{ ...webhooks?.[0], namespaceSelector: excluded }],
      };
      expect(plain(name), name).toEqual(expected);
    }
    const rbac = rbacObjects({
      tokenSecrets: ['bitfusion-secret'],
      ownCertificates: true,
      resourceOffers: true,
    });
    for (const object of Object.values(rbac) as readonly Manifest[]) {
      expect(plain(nameOf(object)), nameOf(object)).toEqual(object);
    }
  });

  it('B73: have the fence of the account, which the base leaves to a component, as the webhook has it as data', () => {
    const objects = Object.values(
      fenceObjects({ tokenSecrets: ['bitfusion-secret'], tokenNamespace: 'kube-system' }),
    ) as unknown as readonly Manifest[];
    expect(fence.map(nameOf).sort()).toEqual(objects.map(nameOf).sort());
    for (const object of objects) expect(plain(nameOf(object)), nameOf(object)).toEqual(object);
  });

  it("B71: start the apps with what their command lines take, and nothing that would be the app's default by mistake", async () => {
    const webhook = await read('webhook', containerOf('Deployment bwki/bitfusion-webhook-deployment'));
    expect(webhook.text).toBeUndefined();
    expect(webhook.options).toMatchObject({
      port: 8443,
      healthPort: 8081,
      certificate: { kind: 'own', namespace: 'bwki', lifeMs: 90 * 24 * 3600 * 1000 },
      policy: { file: '/etc/bwki/config.yaml' },
      namespaces: { namespaceSelector: selectorOfConfigurations(), namespace: 'bwki' },
      tokenCopies: { sourceNamespace: 'kube-system', namespace: 'bwki' },
      resourceOffers: {},
    });
    const plugin = await read('device-plugin', containerOf('DaemonSet kube-system/bitfusion-device-plugin'));
    expect(plugin.text).toBeUndefined();
    expect(plugin.options).toMatchObject({
      resourceName: 'bitfusion.io/gpu',
      capacity: { kind: 'static', units: 1000 },
      healthPort: 8082,
    });
  });

  it('B56: configure the webhook with what it accepts', async () => {
    const { readPolicy } = await fromApp<{
      readonly readPolicy: (text: string, settings: object) => { readonly ok: boolean };
    }>('webhook/src/policy/read-policy.ts');
    const { data } = find(`ConfigMap bwki/${objectNames.configMap}`) as unknown as {
      data: Record<string, string>;
    };
    expect(readPolicy(data['config.yaml'] ?? '', {})).toMatchObject({
      ok: true,
      value: { clientImage: 'docker.io/bitfusiondeviceplugin/bitfusion-client:0.1.0' },
    });
  });

  it('B67: give the device plugin no more than it needs', () => {
    const { template } = find('DaemonSet kube-system/bitfusion-device-plugin')['spec'] as {
      readonly template: { readonly spec: Readonly<Record<string, unknown>> };
    };
    const { spec } = template;
    expect([spec['hostNetwork'], spec['hostPID'], spec['hostIPC']]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } },
    });
    const [container] = spec['containers'] as readonly Readonly<Record<string, unknown>>[];
    expect(container?.['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const path = '/var/lib/kubelet/device-plugins';
    expect(spec['volumes']).toEqual([{ name: 'device-plugins', hostPath: { path, type: 'Directory' } }]);
    expect(container?.['volumeMounts']).toEqual([{ name: 'device-plugins', mountPath: path }]);
  });

  it.each(['Deployment bwki/bitfusion-webhook-deployment', 'DaemonSet kube-system/bitfusion-device-plugin'])(
    'know within 2 s that a pod is ready, for which an update waits: %s',
    (name) => {
      expect(containerOf(name).readinessProbe).toMatchObject({ periodSeconds: 2 });
    },
  );

  it('B55: keep two replicas, and one of them whatever is drained or rolled out', () => {
    expect(find('Deployment bwki/bitfusion-webhook-deployment')['spec']).toMatchObject({
      replicas: 2,
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
    expect(find('PodDisruptionBudget bwki/bitfusion-webhook-deployment')['spec']).toMatchObject({
      maxUnavailable: 1,
    });
  });
});
