/**
 * Runs the end-to-end tests: finds or builds what they need, then continues in namespaces of its own, where the tests
 * and all that they start live. `node --conditions=@bwki/source main.ts [--here] [--soak] [part of a test file's path]…`
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { findInPath, provideTools } from './harness/index.ts';
import type { E2eContext } from './runner/context.ts';
import { namespacesFault, runInNamespaces } from './runner/namespaces.ts';
import { readNeeds } from './runner/needs.ts';
import { nodeFault } from './runner/node-fault.ts';
import { reportFile } from './runner/report-file.ts';
import { readSettings, type Settings } from './runner/settings.ts';

const [, , first, ...rest] = process.argv;
process.exitCode = first === '--inside' ? await inside(rest) : await outside(process.argv.slice(2));

/** With the machine's own network: here modules can still be downloaded. */
async function outside(args: readonly string[]): Promise<number> {
  const settings = readSettings(args, process.env);
  // A run that breaks off must not leave the counts of the one before.
  await rm(reportFile, { force: true });
  const workDirectory = await mkdtemp(join(tmpdir(), 'bwki-e2e-'));
  try {
    const context = await contextFor(settings, workDirectory);
    const inner = [
      process.execPath,
      ...process.execArgv,
      import.meta.filename,
      '--inside',
      JSON.stringify(context),
    ];
    // A cluster that is there already is reached through the network of the machine.
    if (settings.here || context.kind === 'existing') {
      return await inside([JSON.stringify(context), 'here', ...settings.filters]);
    }
    const isRoot = process.getuid?.() === 0;
    const fault = namespacesFault(isRoot);
    if (fault !== undefined) {
      console.error(fault);
      return 1;
    }
    return await runInNamespaces([...inner, 'alone', ...settings.filters], isRoot);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

async function inside(args: readonly string[]): Promise<number> {
  const [json = '', place, ...filters] = args;
  const context = JSON.parse(json) as E2eContext;
  if (place === 'alone') {
    // Etcd and logs in memory: faster, and gone with the mount namespace.
    run('mount', '-t', 'tmpfs', 'bwki-e2e', context.workDirectory);
    run('ip', 'link', 'set', 'lo', 'up');
  }
  // Loaded only here: it takes a second.
  const { runTests } = await import('./runner/run-tests.ts');
  return (await runTests(filters, context)) ? 0 : 1;
}

async function contextFor(settings: Settings, workDirectory: string): Promise<E2eContext> {
  const { kubeconfigPath, assetsDirectory, cacheDirectory, soak } = settings;
  if (kubeconfigPath !== undefined) {
    console.log(`testing against the cluster of KUBECONFIG=${kubeconfigPath}; unset it to start one`);
    const kubectl = await findKubectl(assetsDirectory);
    return { kind: 'existing', kubeconfigPath, kubectl, workDirectory };
  }
  const needs = await readNeeds(import.meta.dirname, settings.filters);
  const path = process.env['PATH'] ?? '';
  if (needs.node) {
    const isRoot = process.getuid?.() === 0;
    const fault = await nodeFault({ path, isRoot, here: settings.here });
    if (fault !== undefined) throw new Error(fault);
  }
  const tools = await provideTools(needs.tools, {
    cacheDirectory,
    assetsDirectory,
    environment: process.env,
    log: console.log,
  });
  const busybox = needs.node ? await findInPath('busybox', path) : undefined;
  return { kind: 'own', tools, busybox, cacheDirectory, workDirectory, soak };
}

async function findKubectl(assetsDirectory: string | undefined): Promise<string> {
  const path = [assetsDirectory ?? [], process.env['PATH'] ?? []].flat().join(delimiter);
  const kubectl = await findInPath('kubectl', path);
  if (kubectl === undefined) throw new Error('kubectl is neither in KUBEBUILDER_ASSETS nor in PATH');
  return kubectl;
}

function run(program: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? `exit ${status ?? '?'}`}`);
}
