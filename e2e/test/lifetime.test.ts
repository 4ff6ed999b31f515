import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, inject, it } from 'vitest';

import { poll, startControlPlane } from '../harness/index.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { processesWith } from './support/processes.ts';

const program = (name: string): string => join(import.meta.dirname, 'programs', name);
/** Starts a control plane and waits. */
const holder = (): readonly string[] => [
  process.execPath,
  program('hold-control-plane.ts'),
  JSON.stringify(inject('e2e')),
];

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('its output is not read');
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return chunk.toString().trim();
}

const goneWithin = (directory: string, within: number): Promise<true> =>
  poll(async () => ((await processesWith(directory)).length === 0 ? true : undefined), {
    what: `the processes of ${directory} to end`,
    within,
  });

describe.runIf(hasOwnControlPlane())('lifetime of a control plane', () => {
  it('ends every process and removes its files when it is disposed of', async () => {
    const plane = await ownControlPlane();
    expect(await processesWith(plane.directory)).toHaveLength(3);
    expect(plane.pids).toHaveLength(3);
    const started = performance.now();
    await plane[Symbol.asyncDispose]();
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(await processesWith(plane.directory)).toEqual([]);
    await expect(access(plane.directory)).rejects.toThrow('ENOENT');
  });

  it('ends with the process that started it, killed by SIGKILL', async () => {
    const [command = '', ...args] = holder();
    const parent = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const directory = await firstLine(parent);
    expect(await processesWith(directory)).toHaveLength(2);
    parent.kill('SIGKILL');
    await goneWithin(directory, 2_000);
  });

  it('ends with the runner that made its namespaces, killed by SIGKILL', async () => {
    const args = [program('hold-in-namespaces.ts'), 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
    const runner = spawn(process.execPath, [...args, ...holder()], { stdio: ['ignore', 'pipe', 'inherit'] });
    const directory = await firstLine(runner);
    expect(await processesWith(directory)).toHaveLength(2);
    runner.kill('SIGKILL');
    await goneWithin(directory, 2_000);
  });

  it('says which component failed, with the last lines of its log, and leaves nothing', async () => {
    const context = inject('e2e');
    if (context.kind !== 'own') return;
    const before = await readdir(context.workDirectory);
    const started = startControlPlane({
      tools: context.tools,
      workDirectory: context.workDirectory,
      admissionPlugins: ['NoSuchPlugin'],
    });
    await expect(started).rejects.toThrow(
      /kube-apiserver ended by itself: exit code 1\n(.*\n)*.*NoSuchPlugin/,
    );
    expect(await processesWith(join(context.workDirectory, 'control-plane-'))).toEqual([]);
    expect(await readdir(context.workDirectory)).toEqual(before);
  });
});
