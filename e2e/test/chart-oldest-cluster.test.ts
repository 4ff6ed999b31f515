/** @needs deploy-tools control-plane-1.24 */
import { chartDirectory, renderChart, type Manifest } from '@bwki/manifests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { run, type ControlPlane } from '../harness/index.ts';
import { chartVariants } from './support/chart-values.ts';
import { deployTools } from './support/deploy-tools.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';

/** Kinds of others, whose definitions are not part of Kubernetes. */
const foreign = /^(cert-manager\.io|monitoring\.coreos\.com)\//;

describe.runIf(hasOwnControlPlane())('the chart on the API server of 1.24', () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await ownControlPlane({ version: '1.24' });
    await plane.createNamespace('bwki', { exact: true });
    const metadata = { name: 'bwki-test', namespace: 'bwki' };
    await plane.api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  });
  afterAll(() => plane[Symbol.asyncDispose]());

  it.each(Object.keys(chartVariants))('is taken, each object of it, as a dry run: %s', async (variant) => {
    const values = chartVariants[variant];
    const { helm } = deployTools();
    const rendered = await renderChart({ helm, kubernetes: '1.24', values, withHooks: true });
    const items: readonly Manifest[] = rendered.filter(({ apiVersion }) => !foreign.test(apiVersion));
    const { status, stdout, stderr } = await plane.kubectl(
      ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--filename=-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    );
    // That it is about to go is known; from 1.25 on the chart makes none.
    expect(stderr.replaceAll(/^Warning: policy\/v1beta1 PodSecurityPolicy is deprecated.*\n/gm, '')).toBe('');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(items.length);
  });

  it('is installed by Helm, which asks the cluster for its version: all pods are sent, and none is refused', async () => {
    const where = ['--kubeconfig', plane.kubeconfigPath, '--namespace', 'bwki'];
    await run(deployTools().helm, ['install', 'bwki', chartDirectory, ...where]);
    const { webhooks } = (await plane.api.read({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'bwki-webhook-cfg' },
    })) as unknown as { readonly webhooks: readonly [Readonly<Record<string, unknown>>] };
    expect(webhooks[0]['failurePolicy']).toBe('Ignore');
    expect(webhooks[0]).not.toHaveProperty('matchConditions');
    const metadata = { name: 'any', namespace: await plane.createNamespace('pods') };
    const spec = { containers: [{ name: 'main', image: 'busybox' }] };
    await plane.api.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec });
  });
});
