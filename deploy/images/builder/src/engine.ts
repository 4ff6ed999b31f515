import { runProgram, type Finished } from './run-program.ts';

/** The programs that build from a Containerfile; each takes the commands of `docker`, but for what is said here. */
export type EngineKind = 'buildah' | 'podman' | 'docker';

/** An engine of this machine. */
export interface Engine {
  readonly kind: EngineKind;
  /** The program with its own flags, such as `buildah --storage-driver vfs`. */
  readonly command: readonly [string, ...string[]];
}

/** One run of a Containerfile. */
export interface ImageBuild {
  /** The full name, with its tag. */
  readonly reference: string;
  readonly containerfile: string;
  /** The directory that the Containerfile copies from. */
  readonly context: string;
  readonly buildArguments: Readonly<Record<string, string>>;
  /** Seconds: the time of the image and of every file in it. */
  readonly epoch: number;
}

const kinds: readonly EngineKind[] = ['buildah', 'podman', 'docker'];

/**
 * The engine that was asked for, else the first that this machine has and that answers.
 *
 * @param asked a program with its flags, as in a shell without quotes; empty: none
 * @throws where there is none
 */
export async function findEngine(
  asked: string,
  run: (program: string, args: readonly string[]) => Promise<Finished> = runProgram,
): Promise<Engine> {
  const [program, ...flags] = asked.split(/\s+/).filter((word) => word !== '');
  if (program !== undefined) {
    const kind = kinds.find((name) => program === name || program.endsWith(`/${name}`));
    if (kind === undefined)
      throw new Error(`ENGINE is '${asked}': it has to be ${kinds.join(', ')} or a path to one`);
    return { kind, command: [program, ...flags] };
  }
  for (const kind of kinds) {
    // `info` also asks docker's daemon, without which its command alone is of no use.
    if ((await run(kind, ['info'])).ok) return { kind, command: [kind] };
  }
  throw new Error(
    `no container engine answers, of ${kinds.join(', ')}: install one (Debian: apt-get install buildah), or name it ` +
      "as ENGINE; in a container of its own, buildah needs ENGINE='buildah --storage-driver vfs'",
  );
}

export function buildCommand({ kind, command }: Engine, build: ImageBuild): readonly string[] {
  const time = String(build.epoch);
  const ofKind =
    kind === 'docker'
      ? ['--provenance=false', `--build-arg=SOURCE_DATE_EPOCH=${time}`]
      : [`--timestamp=${time}`, '--identity-label=false', '--format=oci', '--layers=false'];
  return [
    ...command,
    'build',
    ...ofKind,
    ...Object.entries(build.buildArguments).map(([name, value]) => `--build-arg=${name}=${value}`),
    `--tag=${build.reference}`,
    `--file=${build.containerfile}`,
    build.context,
  ];
}

export function pushCommand({ command }: Engine, reference: string): readonly string[] {
  return [...command, 'push', reference];
}

/** Writes an archive that `docker load`, `podman load` and `ctr --namespace k8s.io images import` take. */
export function saveCommand({ kind, command }: Engine, reference: string, file: string): readonly string[] {
  if (kind === 'buildah')
    return [...command, 'push', '--quiet', reference, `docker-archive:${file}:${reference}`];
  return [...command, 'save', `--output=${file}`, reference];
}
