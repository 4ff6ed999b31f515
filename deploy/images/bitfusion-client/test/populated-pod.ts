import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  clientImage,
  libraryPath,
  packageName,
  populate,
  writeFile,
  type ClientImage,
  type Outcome,
} from './client-image.ts';
import { searchPath, type Shell } from './shells.ts';

/** A container as a populated volume leaves it: the command, the client behind it, and HOME with the token. */
export interface PopulatedPod {
  readonly image: ClientImage;
  readonly launcher: string;
  readonly client: string;
  readonly library: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The token that the container sees, one path each. */
  readonly clientYaml: string;
  readonly serversConf: string;
  readonly caCertificate: string;
  /** What the paths of this container's ledgers begin with; no other container that exists has the same. */
  readonly ledgerPrefix: string;
}

const sharedMemory = '/dev/shm';

/** The ledgers begin with the device and the inode of the pod's own shell. */
function ledgerPrefixOf(busybox: string): string {
  const { dev, ino } = statSync(busybox);
  return join(sharedMemory, `bitfusion-${dev}-${ino}-`);
}

/** The container's ledgers in shared memory, among them those that are not complete. */
export function ledgersOf({ ledgerPrefix }: Pick<PopulatedPod, 'ledgerPrefix'>): readonly string[] {
  return readdirSync(sharedMemory)
    .map((name) => join(sharedMemory, name))
    .filter((path) => path.startsWith(ledgerPrefix));
}

/** Populates a volume and puts the given client in the place of the package's. */
export function populatedPod(
  shell: Shell,
  client: string | Buffer,
  args: readonly string[] = [],
): PopulatedPod {
  const image = clientImage(shell);
  populate(image, [`--package=${packageName}`, '--mode=0600', '--container=main', ...args]);
  const installed = join(image.volume, 'bitfusion', packageName);
  const home = join(image.volume, 'home');
  mkdirSync(home);
  const clientYaml = join(home, '.bitfusion/client.yaml');
  writeFile(clientYaml, 'token: x\n');
  const pod = {
    image,
    launcher: join(image.volume, 'bin/bitfusion'),
    client: join(installed, 'usr/bin/bitfusion-client'),
    library: join(installed, libraryPath),
    environment: { HOME: home, PATH: searchPath },
    clientYaml,
    serversConf: join(image.token, '..data/etc/servers.conf'),
    caCertificate: join(image.token, '..data/etc/tls/ca.crt'),
    ledgerPrefix: ledgerPrefixOf(join(installed, '.bwki/busybox')),
  };
  onTestFinished(() => {
    for (const ledger of ledgersOf(pod)) rmSync(ledger, { recursive: true, force: true });
  });
  writeFile(pod.client, client, 0o755);
  return pod;
}

/** What the container adds to the environment, and what stands on its standard input. */
export interface LaunchOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly user?: number;
}

/** Runs `bitfusion ARGUMENT…` to its end, under the pod's shell. */
export function launch(pod: PopulatedPod, args: readonly string[], options: LaunchOptions = {}): Outcome {
  const [program, ...shellArguments] = pod.image.shell.argv;
  return spawnSync(program, [...shellArguments, pod.launcher, ...args], {
    encoding: 'utf8',
    cwd: pod.image.volume,
    env: { ...pod.environment, ...options.environment },
    input: options.input ?? '',
    ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
  });
}

/**
 * Starts the launcher as the kernel does, by its first line, in a process group of its own. The test's end kills
 * what is left of the group, so that a client that nobody stops fails its test and does not hold up the others.
 */
export function start(
  pod: PopulatedPod,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  const child = spawn(pod.launcher, args, {
    env: { ...pod.environment, ...environment },
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    endGroup(child);
  });
  return child;
}

/** Kills all processes of a group that `start` made; does nothing where none is left. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
