import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { readManifests, type Manifest } from './manifest.ts';
import { chartDirectory } from './paths.ts';

export interface RenderOptions {
  /** Path of the program helm. */
  readonly helm: string;
  /** `1.37`: what the templates take the cluster for. */
  readonly kubernetes: string;
  /** What differs from `values.yaml`. */
  readonly values?: unknown;
  /** Files like `values.yaml`, of which a later one goes before an earlier one; all of them before `values`. */
  readonly valuesFiles?: readonly string[];
  /** Default `bwki`. */
  readonly namespace?: string;
  /** Whether the objects of `helm test` and `helm uninstall` are among the results; default false. */
  readonly withHooks?: boolean;
}

const run = promisify(execFile);

/**
 * The objects that the chart makes of some values, in the order in which Helm prints them.
 *
 * @throws Error with what Helm says of values or templates that it refuses
 */
export async function renderChart(options: RenderOptions): Promise<readonly Manifest[]> {
  const { helm, kubernetes, values = {}, valuesFiles = [], namespace = 'bwki', withHooks = false } = options;
  const args = [
    ...['template', 'bwki', chartDirectory, '--namespace', namespace],
    ...['--kube-version', `${kubernetes}.0`],
    ...(withHooks ? [] : ['--no-hooks']),
    ...valuesFiles.flatMap((file) => ['--values', file]),
    ...Object.entries(values as Record<string, unknown>).flatMap(([key, value]) => [
      '--set-json',
      `${key}=${JSON.stringify(value)}`,
    ]),
  ];
  const { stdout } = await run(helm, args, { maxBuffer: 16 * 1024 * 1024 });
  return readManifests(stdout);
}
