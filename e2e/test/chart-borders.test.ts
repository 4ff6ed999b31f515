/** @needs deploy-tools */
import { nameOf, renderChart, withoutHelm, type Manifest } from '@bwki/manifests';
import { fenceObjects } from '@bwki/webhook';
import { describe, expect, it } from 'vitest';

import { deployTools } from './support/deploy-tools.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';

async function render(kubernetes: string, values: unknown = {}, namespace = 'bwki') {
  const manifests = await renderChart({ helm: deployTools().helm, kubernetes, values, namespace });
  return new Map(manifests.map((manifest) => [nameOf(manifest), manifest]));
}

function plain(manifest: Manifest | undefined): unknown {
  if (manifest === undefined) return undefined;
  const { metadata, ...rest } = withoutHelm(manifest);
  return { ...rest, metadata: { name: metadata.name } };
}

const isFence = (name: string): boolean => name.startsWith('ValidatingAdmissionPolicy');
const digest = `sha256:${'a1'.repeat(32)}`;

describe.runIf(hasOwnControlPlane())('the chart', () => {
  it.each([
    ['the defaults', {}, 'bwki', { tokenSecrets: ['bitfusion-secret'], tokenNamespace: 'kube-system' }],
    [
      'three secrets from elsewhere, in another namespace',
      { token: { namespace: 'vault', secrets: { 'ca.crt': 'a', 'client.yaml': 'b', 'servers.conf': 'c' } } },
      'gpu',
      { tokenSecrets: ['a', 'b', 'c'], tokenNamespace: 'vault', namespace: 'gpu' },
    ],
    ['no copies', { token: { copies: false } }, 'bwki', { tokenSecrets: [], tokenNamespace: 'kube-system' }],
  ])(
    'B73: fences the account of the webhook with what it has as data: %s',
    async (_, values, namespace, settings) => {
      const rendered = await render('1.30', values, namespace);
      for (const object of Object.values(fenceObjects(settings)) as unknown as readonly Manifest[]) {
        expect(plain(rendered.get(nameOf(object))), nameOf(object)).toEqual(object);
      }
    },
  );

  it.each([
    ['1.29', 'auto', 0],
    ['1.29', 'always', 4],
    ['1.30', 'auto', 4],
    ['1.37', 'never', 0],
  ])('B73: on %s with fence %s has %i objects of the fence', async (kubernetes, fence, count) => {
    const names = [...(await render(kubernetes, { webhook: { fence } })).keys()];
    expect(names.filter(isFence)).toHaveLength(count);
  });

  it('pins each image by a digest that is given for it', async () => {
    const values = {
      client: { image: { digest } },
      webhook: { image: { digest } },
      devicePlugin: { image: { digest } },
    };
    const text = JSON.stringify([...(await render('1.37', values)).values()]);
    for (const image of ['client', 'webhook', 'device-plugin']) {
      expect(text).toContain(`docker.io/bitfusiondeviceplugin/bitfusion-${image}@${digest}`);
      expect(text).not.toContain(`bitfusion-${image}:0.1.0`);
    }
  });

  it('closes all ports of the webhook but admission, and lets it call the API server alone', async () => {
    const policy = (await render('1.37')).get('NetworkPolicy bwki/bitfusion-webhook-deployment');
    expect(policy?.['spec']).toEqual({
      podSelector: { matchLabels: { app: 'bitfusion-webhook' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ ports: [{ port: 8443 }] }],
      egress: [{ ports: [{ port: 443 }, { port: 6443 }] }],
    });
  });

  it('opens the metrics for who is named, and calls the API server where it is said to be', async () => {
    const metricsFrom = [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    ];
    const apiServerTo = [{ ipBlock: { cidr: '192.0.2.1/32' } }];
    const values = { networkPolicy: { metricsFrom, apiServerTo, apiServerPorts: [6443] } };
    const policy = (await render('1.37', values)).get('NetworkPolicy bwki/bitfusion-webhook-deployment');
    expect(policy?.['spec']).toMatchObject({
      ingress: [{ ports: [{ port: 8443 }] }, { ports: [{ port: 8081 }], from: metricsFrom }],
      egress: [{ ports: [{ port: 6443 }], to: apiServerTo }],
    });
  });
});
