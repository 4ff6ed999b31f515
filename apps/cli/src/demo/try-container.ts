import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { parseRun } from '@bwki/bitfusion-cli-wrap';
import { runClient } from '@bwki/bitfusion-cli-wrap/exec';
import { standIn, standInEnvironment } from '@bwki/bitfusion-cli-wrap/testing';
import type { Policy } from '@bwki/pod-mutator';
import type { ClientEntry, ContainerLike } from '@bwki/spec-parser';

import { installPassThrough } from './client-pass-through.ts';
import { containerArgv, intendedArgv, typedCommand } from './container-argv.ts';
import { containerEnvironment } from './container-environment.ts';
import { below, installPrograms, mountVolumes, searchPath } from './container-root.ts';
import type { PodVolumes } from './pod-volumes.ts';
import { readRecord, type RecordedCall } from './recorder.ts';

/** A container before and after the mutation, and where it may run. */
export interface ContainerTrial {
  readonly before: ContainerLike;
  readonly after: ContainerLike;
  readonly client: ClientEntry;
  readonly home: string;
  readonly volumes: PodVolumes;
  readonly policy: Policy;
  /** An empty directory for both file systems. */
  readonly directory: string;
  /** That of `installHostTools`. */
  readonly tools: string;
  /** How many GPUs it asks for; undefined where it only gets the client. */
  readonly gpus: bigint | undefined;
  /** Ends what is running. */
  readonly signal: AbortSignal;
}

export interface TrialOutcome {
  /** Whether every program got exactly the arguments that it would have had, and the client was content. */
  readonly same: boolean;
  /** What the client says it locked: `1 GPU with partial memory 0.5`; undefined where it locked nothing. */
  readonly locked: string | undefined;
  /** The programs that were started after the mutation. */
  readonly calls: readonly RecordedCall[];
  /** The command was typed, since the image's own is not known here. */
  readonly typed: boolean;
  /** Why it is not the same: the client's own words, or what the programs got. */
  readonly problem: string | undefined;
}

/** Runs a container's command without the mutation and with it, and compares what the programs in it are given. */
export async function tryContainer(trial: ContainerTrial): Promise<TrialOutcome> {
  const { before, after, policy, directory } = trial;
  const typed = containerArgv(before).length === 0;
  const plain = await runIn(
    join(directory, 'before'),
    typed ? typedCommand : intendedArgv(before, policy.shell),
    {
      trial,
      container: before,
      prepare: installPassThrough,
    },
  );
  const mutated = await runIn(join(directory, 'after'), typed ? typedCommand : containerArgv(after), {
    trial,
    container: after,
    prepare: async (root) => {
      await mountVolumes(root, after, trial.volumes);
      if (trial.client.kind === 'preinstalled') await preinstall(root, trial.client.binary);
    },
  });
  const differs = isDeepStrictEqual(plain.calls, mutated.calls)
    ? undefined
    : `got ${JSON.stringify(mutated.calls)} instead of ${JSON.stringify(plain.calls)}`;
  const { locked } = parseRun(mutated.stderr);
  const unlocked =
    trial.gpus === undefined || locked?.gpus === Number(trial.gpus)
      ? undefined
      : `the client locked ${locked?.gpus ?? 0} GPUs instead of ${trial.gpus}`;
  const problem = mutated.problem ?? plain.problem ?? differs ?? unlocked;
  return {
    same: problem === undefined,
    locked:
      locked && `${locked.gpus} GPU${locked.gpus === 1 ? '' : 's'} with partial memory ${locked.partial}`,
    calls: mutated.calls,
    typed,
    problem,
  };
}

interface Run {
  readonly trial: ContainerTrial;
  readonly container: ContainerLike;
  /** Puts into the root what the container has beside its programs. */
  readonly prepare: (root: string) => Promise<void>;
}

interface Ran {
  readonly calls: readonly RecordedCall[];
  /** The client's log, and what else was said. */
  readonly stderr: string;
  /** Why it did not end well. */
  readonly problem: string | undefined;
}

const timeoutMs = 15_000;

async function runIn(
  root: string,
  argv: readonly string[],
  { trial, container, prepare }: Run,
): Promise<Ran> {
  const { tools, home } = trial;
  const record = `${root}.calls`;
  await mkdir(root, { recursive: true });
  await writeFile(record, '');
  await prepare(root);
  const at = programIndex(argv);
  await installPrograms(root, argv[at] ?? '', record, tools);
  const [binary = '', ...rest] = argv.map((word, index) =>
    index === 0 || index === at ? below(root, word) : word,
  );
  const ran = await runClient({
    binary,
    argv: rest,
    timeout: timeoutMs,
    signal: trial.signal,
    env: {
      ...Object.fromEntries(containerEnvironment(container)),
      ...standInEnvironment({ root, home, gpus: poolSize, gpuMemory: gpuMemoryOf(trial.policy) }),
      PATH: searchPath(root, tools),
      HOME: root + home,
    },
  });
  const output = ran.ok ? ran.value : ran.error;
  const stderr = 'stderr' in output ? output.stderr.trim() : '';
  const problem = ran.ok ? undefined : `${ran.error.kind}: ${stderr === '' ? binary : stderr}`;
  return { calls: await readRecord(record), stderr, problem };
}

const poolSize = 64;
const bytesPerMebibyte = 2n ** 20n;

/** MiB of one GPU, rounded up as `-m` is, so that a request for all of it fits. */
function gpuMemoryOf({ totalGpuMemory }: Policy): number {
  const bytes = totalGpuMemory?.value() ?? 16_000_000_000n;
  return Number((bytes + bytesPerMebibyte - 1n) / bytesPerMebibyte);
}

/** Where in an argv the container's own program stands: behind the `--` of a wrap, else in front. */
function programIndex(argv: readonly string[]): number {
  return argv[0]?.endsWith('/bitfusion') === true && argv[1] === 'run' ? argv.indexOf('--') + 1 : 0;
}

/** What an image that was built with the client has. */
async function preinstall(root: string, binary: string): Promise<void> {
  await mkdir(join(root, 'opt/bitfusion'), { recursive: true });
  await mkdir(join(root, binary, '..'), { recursive: true });
  await copyFile(standIn, join(root, binary));
  await chmod(join(root, binary), 0o755);
}
