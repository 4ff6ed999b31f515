/** @needs deploy-tools promtool */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { monitoringDirectory, renderChart } from '@bwki/manifests';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { run } from '../harness/index.ts';
import { deployTools } from './support/deploy-tools.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';
import { toolsOfRun } from './support/tools-of-run.ts';
import { inDirectory } from './support/work-directory.ts';

/** What Prometheus' own tool says; rejects when it finds a fault. */
function promtool(...args: readonly string[]): Promise<string> {
  return run(toolsOfRun('promtool').promtool, args);
}

const check = (file: string): Promise<string> =>
  promtool('check', 'rules', '--lint=all', '--lint-fatal', file);

const alerts = join(monitoringDirectory, 'alerts.yaml');

describe.runIf(hasOwnControlPlane())('the alerts', () => {
  it('are rules that Prometheus takes, without a lint', async () => {
    expect(await check(alerts)).toContain('SUCCESS: 15 rules found');
  });

  it('fire when their tests say so, and not before', async () => {
    expect(await promtool('test', 'rules', join(monitoringDirectory, 'alerts.test.yaml'))).toContain(
      'SUCCESS',
    );
  });

  it('are the same, and taken, in the object for the Prometheus operator', async () => {
    const values = { monitoring: { prometheusRule: { enabled: true } } };
    const rendered = await renderChart({ helm: deployTools().helm, kubernetes: '1.37', values });
    const rules = rendered.filter(({ kind }) => kind === 'PrometheusRule');
    expect(rules.map(({ spec }) => spec)).toEqual([parse(await readFile(alerts, 'utf8'))]);
    await inDirectory(async (directory) => {
      const file = join(directory, 'rules.json');
      await writeFile(file, JSON.stringify(rules[0]?.['spec']));
      expect(await check(file)).toContain('SUCCESS: 15 rules found');
    });
  });
});
