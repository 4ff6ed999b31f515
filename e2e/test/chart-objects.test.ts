/** @needs deploy-tools */
import { nameOf, renderChart, withoutHelm, type Manifest, type RenderOptions } from '@bwki/manifests';
import { rbacObjects, webhookConfigurations } from '@bwki/webhook';
import { describe, expect, it } from 'vitest';

import { deployTools } from './support/deploy-tools.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';

type Rendering = Omit<RenderOptions, 'helm'>;
type Values = Readonly<Record<string, unknown>>;

async function render(options: Rendering): Promise<ReadonlyMap<string, Manifest>> {
  const manifests = await renderChart({ helm: deployTools().helm, ...options });
  return new Map(manifests.map((manifest) => [nameOf(manifest), manifest]));
}

/** Without the labels, which are for people. */
function plain(manifest: Manifest | undefined): unknown {
  if (manifest === undefined) return undefined;
  const { metadata, ...rest } = manifest;
  const named = Object.entries(metadata).filter(([key]) => key !== 'labels');
  return { ...rest, metadata: Object.fromEntries(named) };
}

/** The value of a flag of the only container, which is JSON; undefined where it has no such flag. */
function argument(deployment: Manifest | undefined, name: string): unknown {
  const { template } = deployment?.['spec'] as {
    readonly template: {
      readonly spec: { readonly containers: readonly [{ readonly args: readonly string[] }] };
    };
  };
  const flag = template.spec.containers[0].args.find((one) => one.startsWith(`--${name}=`));
  return flag === undefined ? undefined : JSON.parse(flag.slice(`--${name}=`.length));
}

/** The first webhook of the typed object with what the chart says besides. */
function withFields(configuration: unknown, fields: object, annotations?: object): unknown {
  const { metadata, webhooks, ...rest } = configuration as {
    metadata: object;
    webhooks: readonly [object];
  };
  return {
    ...rest,
    metadata: { ...metadata, ...(annotations === undefined ? {} : { annotations }) },
    webhooks: [{ ...webhooks[0], ...fields }],
  };
}

/** A selector that leaves these namespaces out, and has more expressions after that. */
function namespacesOut(names: readonly string[], ...more: readonly object[]): object {
  const notIn = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: names };
  return { matchExpressions: [notIn, ...more] };
}

const certManager = { certManager: { enabled: true } };

describe.runIf(hasOwnControlPlane())('the chart renders', () => {
  interface Case {
    readonly what: string;
    readonly kubernetes: string;
    readonly values?: Values;
    readonly namespace?: string;
    readonly hasMatchConditions: boolean;
    readonly fields?: object;
    readonly annotations?: object;
    readonly timeoutSeconds?: number;
  }
  const cases: readonly Case[] = [
    { what: '1.37', kubernetes: '1.37', hasMatchConditions: true },
    { what: '1.28', kubernetes: '1.28', hasMatchConditions: true },
    { what: '1.27', kubernetes: '1.27', hasMatchConditions: false },
    { what: '1.17', kubernetes: '1.17', hasMatchConditions: false },
    {
      what: '1.27 with conditions',
      kubernetes: '1.27',
      values: { webhook: { matchConditions: 'always' } },
      hasMatchConditions: true,
    },
    {
      what: '1.37 without conditions, but closed',
      kubernetes: '1.37',
      values: { webhook: { matchConditions: 'never', failurePolicy: 'Fail' } },
      hasMatchConditions: false,
      fields: { failurePolicy: 'Fail' },
    },
    {
      what: 'selectors, a time and another namespace',
      kubernetes: '1.37',
      namespace: 'gpu',
      values: {
        webhook: {
          excludedNamespaces: ['a', 'gpu'],
          objectSelector: { matchLabels: { gpu: 'yes' } },
          timeoutSeconds: 3,
        },
      },
      hasMatchConditions: true,
      fields: {
        namespaceSelector: namespacesOut(['gpu', 'a']),
        objectSelector: { matchLabels: { gpu: 'yes' } },
      },
      timeoutSeconds: 3,
    },
    {
      what: 'chosen namespaces',
      kubernetes: '1.37',
      values: {
        webhook: {
          namespaceSelector: {
            matchLabels: { team: 'a' },
            matchExpressions: [{ key: 'gpus', operator: 'Exists' }],
          },
        },
      },
      hasMatchConditions: true,
      fields: {
        namespaceSelector: {
          matchLabels: { team: 'a' },
          ...namespacesOut(['bwki', 'kube-system'], { key: 'gpus', operator: 'Exists' }),
        },
      },
    },
    {
      what: "cert-manager's certificates",
      kubernetes: '1.37',
      values: certManager,
      hasMatchConditions: true,
      annotations: { 'cert-manager.io/inject-ca-from': 'bwki/bwki-webhook' },
    },
  ];

  it.each(cases)('the webhook configurations that the webhook has as data: $what', async (one) => {
    const { namespace = 'bwki', values = {}, kubernetes, hasMatchConditions, timeoutSeconds } = one;
    const rendered = await render({ kubernetes, values, namespace });
    const typed = webhookConfigurations({
      address: { kind: 'service' },
      hasMatchConditions,
      namespace,
      timeoutSeconds,
    });
    const fields = { namespaceSelector: namespacesOut(['bwki', 'kube-system']), ...one.fields };
    const mutating = rendered.get('MutatingWebhookConfiguration bwki-webhook-cfg');
    const validating = rendered.get('ValidatingWebhookConfiguration validation.bitfusion.io-cfg');
    expect(plain(mutating)).toEqual(withFields(typed.mutating, fields, one.annotations));
    expect(plain(validating)).toEqual(withFields(typed.validating, fields, one.annotations));
    // The webhook judges by the selectors that the API server sends by.
    const [webhook] = (mutating?.['webhooks'] ?? []) as readonly Readonly<Record<string, unknown>>[];
    const selectors = ['namespaceSelector', 'objectSelector'].map((name) => [
      name,
      argument(rendered.get(`Deployment ${namespace}/bitfusion-webhook-deployment`), name),
    ]);
    expect(Object.fromEntries(selectors)).toEqual({
      namespaceSelector: webhook?.['namespaceSelector'],
      objectSelector: webhook?.['objectSelector'],
    });
  });

  const threeSecrets = { 'ca.crt': 'a', 'client.yaml': 'b', 'servers.conf': 'a' };
  it.each([
    ['the defaults', {}, ['bitfusion-secret'], true, true],
    ["cert-manager's certificates", certManager, ['bitfusion-secret'], false, true],
    ['several secrets', { token: { secrets: threeSecrets } }, ['a', 'b'], true, true],
    ['no copies', { token: { copies: false } }, [], true, true],
    ['no look at nodes', { webhook: { resourceOffers: false } }, ['bitfusion-secret'], true, false],
    [
      'nothing at all',
      { token: { copies: false }, webhook: { resourceOffers: false }, ...certManager },
      [],
      false,
      false,
    ],
  ])(
    'B58: the rights that the webhook has as data, for what is switched on: %s',
    async (_, values, tokenSecrets, ownCertificates, resourceOffers) => {
      const namespace = 'gpu';
      const rendered = await render({ kubernetes: '1.37', values, namespace });
      const typed = rbacObjects({ namespace, tokenSecrets, ownCertificates, resourceOffers });
      for (const object of Object.values(typed) as readonly Manifest[]) {
        expect(plain(rendered.get(nameOf(object))), nameOf(object)).toEqual(object);
      }
    },
  );

  it.each([
    ['1.20', 'policy/v1beta1'],
    ['1.21', 'policy/v1'],
  ])('a disruption budget that %s knows', async (kubernetes, apiVersion) => {
    const rendered = await render({ kubernetes });
    expect(rendered.get('PodDisruptionBudget bwki/bitfusion-webhook-deployment')).toMatchObject({
      apiVersion,
    });
  });

  it.each([
    ['1.24', 2],
    ['1.25', 0],
  ])('policies for pods, where they are asked for, on %s: %i', async (kubernetes, count) => {
    const rendered = await render({ kubernetes, values: { podSecurityPolicy: { enabled: true } } });
    const policies = [...rendered.values()].filter(({ kind }) => kind === 'PodSecurityPolicy');
    expect(policies).toHaveLength(count);
    const withUse = [...rendered.keys()].filter((name) => name.endsWith('-pod-security-policy'));
    expect(withUse).toHaveLength(2 * count);
  });

  it('nothing for 1.17 that came later', async () => {
    const text = JSON.stringify([...(await render({ kubernetes: '1.17' })).values()]);
    for (const field of [
      'seccompProfile',
      'startupProbe',
      'topologySpread',
      'matchLabelKeys',
      'unhealthyPod',
    ]) {
      expect(text).not.toContain(field);
    }
  });

  it.each([
    ['1.19', ['master']],
    ['1.23', ['control-plane', 'master']],
    ['1.37', ['control-plane']],
  ])(
    'on control-plane nodes, as %s calls them, beside the affinity that is asked for',
    async (kubernetes, roles) => {
      const podAntiAffinity = { preferredDuringSchedulingIgnoredDuringExecution: [] };
      const values = { webhook: { controlPlane: true, affinity: { podAntiAffinity } } };
      const rendered = await render({ kubernetes, values });
      const keys = roles.map((role) => `node-role.kubernetes.io/${role}`);
      const nodeSelectorTerms = keys.map((key) => ({ matchExpressions: [{ key, operator: 'Exists' }] }));
      expect(rendered.get('Deployment bwki/bitfusion-webhook-deployment')).toMatchObject({
        spec: {
          template: {
            spec: {
              affinity: {
                podAntiAffinity,
                nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
              },
              tolerations: ['control-plane', 'master'].map((role) => ({
                key: `node-role.kubernetes.io/${role}`,
                operator: 'Exists',
                effect: 'NoSchedule',
              })),
            },
          },
        },
      });
    },
  );

  it.each([
    [16000, '"16000"'],
    [16_000_000_000, '"16000000000"'],
    ['16Gi', '16Gi'],
  ])('TOTAL_GPU_MEMORY %s as it was written', async (totalGpuMemory, text) => {
    const rendered = await render({ kubernetes: '1.37', values: { totalGpuMemory } });
    const { data } = rendered.get('ConfigMap bwki/bwki-webhook-configmap') as unknown as {
      readonly data: Readonly<Record<string, string>>;
    };
    expect(data['config.yaml']).toContain(`totalGpuMemory: ${text}\n`);
  });

  it('one ConfigMap in the webhook’s namespace, whatever is switched on', async () => {
    const values = { monitoring: { dashboard: { enabled: true } } };
    const names = [...(await render({ kubernetes: '1.37', values })).keys()];
    expect(names.filter((name) => name.startsWith('ConfigMap bwki/'))).toHaveLength(1);
  });

  it('without what says that Helm looks after it, for kustomize', async () => {
    for (const manifest of (await render({ kubernetes: '1.37' })).values()) {
      expect(JSON.stringify(withoutHelm(manifest))).not.toMatch(/helm/i);
    }
  });
});
