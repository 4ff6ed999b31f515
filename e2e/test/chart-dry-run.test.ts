/** @needs deploy-tools */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { chartDirectory, nameOf, renderChart, type Manifest } from '@bwki/manifests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { run, type ControlPlane } from '../harness/index.ts';
import { chartVariants } from './support/chart-values.ts';
import { deployTools } from './support/deploy-tools.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { writeSchemas } from './support/schemas-of-api-server.ts';

/** Kinds of others, whose definitions are not part of Kubernetes. */
const foreign = /^(cert-manager\.io|monitoring\.coreos\.com)\//;

function render(values: unknown): Promise<readonly Manifest[]> {
  return renderChart({ helm: deployTools().helm, kubernetes: '1.37', values, withHooks: true });
}

function known(manifests: readonly Manifest[]): readonly Manifest[] {
  return manifests.filter(({ apiVersion }) => !foreign.test(apiVersion));
}

function listOf(items: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

describe.runIf(hasOwnControlPlane())('the chart on a real API server', () => {
  let plane: ControlPlane;

  beforeAll(async () => {
    plane = await ownControlPlane();
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await plane.createNamespace('bwki', { exact: true, labels });
    // A pod of the test's own is looked at with its account, which a dry run does not leave behind.
    await plane.api.create({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'bwki-test', namespace: 'bwki' },
    });
  });
  afterAll(() => plane[Symbol.asyncDispose]());

  it('passes helm lint', async () => {
    const { helm } = deployTools();
    const said = await run(helm, ['lint', '--strict', chartDirectory]);
    expect(said).toContain('0 chart(s) failed');
  });

  it.each(Object.keys(chartVariants))('is taken, each object of it, as a dry run: %s', async (variant) => {
    const manifests = known(await render(chartVariants[variant]));
    const { status, stdout, stderr } = await plane.kubectl(
      ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--filename=-'],
      listOf(manifests),
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(manifests.length);
  });

  it.each(Object.keys(chartVariants))(
    "fits the API server's schemas, without an unknown field: %s",
    async (variant) => {
      const manifests = known(await render(chartVariants[variant]));
      const kinds = new Set(manifests.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
      const location = await writeSchemas(plane.api, join(plane.directory, 'schemas'), kinds);
      const { kubeconform } = deployTools();
      const file = join(plane.directory, 'chart.json');
      await writeFile(file, listOf(manifests));
      const options = ['-strict', '-summary', '-output', 'json', '-schema-location', location];
      const { summary } = JSON.parse(await run(kubeconform, [...options, file])) as { summary: object };
      expect(summary).toEqual({ valid: manifests.length, invalid: 0, errors: 0, skipped: 0 });
    },
  );

  it.each(Object.keys(chartVariants))(
    "has pods that Pod Security's restricted takes, all but the device plugin's: %s",
    async (variant) => {
      const pods = podsOf(await render(chartVariants[variant]));
      const refused: string[] = [];
      for (const { owner, metadata, spec } of pods) {
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { ...metadata, name: 'x', namespace: 'bwki' },
        };
        // Accounts are there once the chart is; this asks for the pod alone.
        const plain = { ...(spec as object), serviceAccountName: 'default' };
        await plane.api.create({ ...pod, spec: plain }, { dryRun: true }).catch((error: unknown) => {
          refused.push(`${owner}: ${String(error)}`);
        });
      }
      expect(pods.length).toBeGreaterThan(0);
      const others = refused.filter(
        (text) => !text.startsWith('DaemonSet kube-system/bitfusion-device-plugin: '),
      );
      expect(others).toEqual([]);
      // The exceptions, by name: the node's directory, and the user who owns it.
      for (const text of refused) {
        expect(text).toContain('restricted volume types (volume "device-plugins"');
        expect(text).toMatch(/runAsUser=0|runAsNonRoot != true/);
        expect(text).not.toMatch(/privilege|capabilit|seccomp|hostPort|host namespaces/);
      }
    },
  );
});

interface PodOf {
  readonly owner: string;
  readonly metadata: object;
  readonly spec: unknown;
}

function podsOf(manifests: readonly Manifest[]): readonly PodOf[] {
  return manifests.flatMap((manifest) => {
    const owner = nameOf(manifest);
    const spec = manifest['spec'] as { readonly template?: { metadata: object; spec: unknown } } | undefined;
    if (manifest.kind === 'Pod') return [{ owner, metadata: {}, spec }];
    return spec?.template === undefined ? [] : [{ owner, ...spec.template }];
  });
}
