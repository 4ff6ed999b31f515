import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { standIn, standInEnvironment, standInRoot } from '@bwki/bitfusion-cli-wrap/testing';
import { onTestFinished } from 'vitest';
import { endGroup, populatedPod, type PopulatedPod } from './populated-pod.ts';
import { searchPath, type Shell } from './shells.ts';

/** A GPU request as the mutation writes it into a container's variables. */
export type Variables = Readonly<Record<string, string>>;

/** A container whose `bitfusion` is the launcher, with the stand-in behind it. */
export interface LimitedContainer {
  readonly pod: PopulatedPod;
  /** Where its programs run; empty at the start, and anybody may write there. */
  readonly directory: string;
  readonly environment: Variables;
}

/** One whole GPU. */
export const oneGpu: Variables = { BITFUSION_GPU_AMOUNT: '1', BITFUSION_GPU_PARTIAL: '1' };

export interface ContainerOptions {
  /** Of populate. */
  readonly args?: readonly string[];
  readonly request?: Variables;
}

export async function limitedContainer(
  shell: Shell,
  options: ContainerOptions = {},
): Promise<LimitedContainer> {
  const pod = populatedPod(shell, readFileSync(standIn), options.args);
  const inside = (name: string) => join(pod.image.volume, name);
  const directory = inside('work');
  mkdirSync(directory);
  chmodSync(directory, 0o777);
  await standInRoot({ root: inside('root'), home: '/home' });
  for (const path of ['home/.bitfusion', 'home/.bitfusion/client.yaml', 'home/.bitfusion/servers.conf'])
    chmodSync(inside(`root/${path}`), path.endsWith('.bitfusion') ? 0o777 : 0o666);
  symlinkSync(pod.client, join(directory, 'client-by-path'));
  return {
    pod,
    directory,
    environment: {
      ...pod.environment,
      PATH: `${inside('bin')}:${searchPath}`,
      TMPDIR: directory,
      ...standInEnvironment({ root: inside('root'), home: '/home', gpus: 9 }),
      ...(options.request ?? oneGpu),
    },
  };
}

/**
 * What scripts may use: `hold COMMAND…` starts a program under the client in the background, and returns when it
 * runs; its process is then `$held`.
 */
const prelude = `
wait_for() { i=0; until [ -e "$1" ]; do [ $((i += 1)) -lt 600 ] || exit 99; sleep 0.05; done; }
hold() { rm -f up; "$@" sh -c ': >up; exec sleep 60' >/dev/null 2>&1 & held=$!; wait_for up; }
`;

export interface ScriptOutcome {
  readonly status: number | null;
  readonly stdout: string;
  /** What the launcher says, line by line. */
  readonly said: readonly string[];
  readonly stderr: string;
}

/** Runs a script of `sh` in the container to its end, and ends all that it left behind. */
export async function runScript(
  container: LimitedContainer,
  script: string,
  environment: Variables = {},
  starter: readonly string[] = [],
): Promise<ScriptOutcome> {
  const argv = [...starter, 'sh', '-c', prelude + script];
  const child = spawn('env', argv, {
    cwd: container.directory,
    detached: true,
    env: { ...container.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    endGroup(child);
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const outputs = [text(child.stdout), text(child.stderr)] as const;
  const status = await ended;
  endGroup(child);
  const [stdout, stderr] = await Promise.all(outputs);
  return {
    status,
    stdout,
    stderr,
    said: stderr.split('\n').filter((line) => line.startsWith('bitfusion: ')),
  };
}

/** In a mount namespace of its own, after the given commands; only root may make one, and not everywhere. */
export function inNamespace(commands: string): readonly string[] {
  return ['unshare', '-m', 'sh', '-c', `set -e; ${commands}; exec "$@"`, 'sh'];
}

export const hasNamespaces: boolean =
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/proc']).status === 0;
