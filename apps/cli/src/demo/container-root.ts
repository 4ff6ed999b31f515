import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

import type { ContainerLike } from '@bwki/spec-parser';

import { isShell } from './host-tools.ts';
import type { PodVolumes } from './pod-volumes.ts';
import { installRecorder } from './recorder.ts';
import { writeScript } from './shell-script.ts';

/** Puts a container's mounts below its root; a mount below another goes into it, as in a container. */
export async function mountVolumes(
  root: string,
  container: ContainerLike,
  volumes: PodVolumes,
): Promise<void> {
  const mounts = (container.volumeMounts ?? []).toSorted(
    (a, b) => (a.mountPath?.length ?? 0) - (b.mountPath?.length ?? 0),
  );
  for (const { name = '', mountPath = '', subPath = '' } of mounts) {
    const volume = volumes.get(name);
    if (volume === undefined) continue;
    const path = resolve(join(root, mountPath));
    await mkdir(dirname(path), { recursive: true });
    await symlink(join(volume, subPath), path);
  }
}

/** Programs that examples call inside of shell text. */
const usualPrograms = ['python', 'python3', 'nvidia-smi'];

/**
 * Puts the container's programs below its root: each only notes how it was started.
 *
 * @param program what the container starts, a name or an absolute path; a shell is this machine's own
 * @param record the file that the programs write to
 * @param tools the directory of `installHostTools`
 */
export async function installPrograms(
  root: string,
  program: string,
  record: string,
  tools: string,
): Promise<void> {
  const path = program.includes('/') ? program : `/usr/bin/${program}`;
  if (isShell(path))
    await writeScript(root + path, [`exec ${join(tools, path.slice(path.lastIndexOf('/') + 1))} "$@"`]);
  const programs = new Set(usualPrograms.map((name) => `/usr/bin/${name}`));
  if (!isShell(path) && !path.endsWith('/bitfusion')) programs.add(path);
  for (const each of programs) await installRecorder(root, each, record);
}

/** A program's path on this machine; a name is left to `PATH`. */
export function below(root: string, program: string): string {
  return program.startsWith('/') ? root + program : program;
}

/** Where a container with this root finds programs by name. */
export function searchPath(root: string, tools: string): string {
  return [join(root, 'usr/local/bin'), join(root, 'usr/bin'), tools].join(':');
}
