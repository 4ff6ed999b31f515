/** The chart with Helm 3, which most clusters are still managed by. @needs deploy-tools helm-3 */
import { chartDirectory, nameOf, renderChart, type Manifest } from '@bwki/manifests';
import { describe, expect, it } from 'vitest';

import { run } from '../harness/index.ts';
import { chartVariants } from './support/chart-values.ts';
import { deployTools } from './support/deploy-tools.ts';
import { everyObject } from './support/every-object.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { toolsOfRun } from './support/tools-of-run.ts';

describe.runIf(hasOwnControlPlane())('the chart with Helm 3', () => {
  it.each(Object.entries(chartVariants))('renders what Helm 4 makes of it: %s', async (_, values) => {
    // Each has an order of its own.
    const rendered = async (helm: string): Promise<ReadonlyMap<string, Manifest>> => {
      const manifests = await renderChart({ helm, kubernetes: '1.37', values, withHooks: true });
      return new Map(manifests.map((manifest) => [nameOf(manifest), manifest]));
    };
    expect(await rendered(toolsOfRun('helm-3').helm)).toEqual(await rendered(deployTools().helm));
  });

  it('is installed, upgraded, rolled back and taken out', async () => {
    await using plane = await ownControlPlane();
    const before = await everyObject(plane);
    const { helm } = toolsOfRun('helm-3');
    const where = ['--kubeconfig', plane.kubeconfigPath, '--namespace', 'bwki'];
    const perform = (...args: readonly string[]): Promise<string> => run(helm, [...args, ...where]);
    const timeout = async (): Promise<string> => {
      const path = '--output=jsonpath={.webhooks[0].timeoutSeconds}';
      return (await plane.kubectl(['get', 'mutatingwebhookconfiguration/bwki-webhook-cfg', path])).stdout;
    };

    const upgrade = ['upgrade', '--install', 'bwki', chartDirectory, '--create-namespace'];
    await perform(...upgrade, '--set', 'totalGpuMemory=16000');
    expect(await timeout()).toBe('10');
    // As `make deploy` calls it.
    await perform(...upgrade, '--reset-then-reuse-values', '--set', 'webhook.timeoutSeconds=5');
    expect(await timeout()).toBe('5');
    expect(await perform('get', 'values', 'bwki')).toContain('totalGpuMemory: 16000');
    await perform('rollback', 'bwki', '1');
    expect(await timeout()).toBe('10');
    // The hooks are Jobs, for which there is no node here.
    await perform('uninstall', 'bwki', '--no-hooks');
    const left = (await everyObject(plane)).filter((name) => !before.includes(name));
    expect(left).toEqual(['Namespace /bwki']);
  }, 120_000);
});
