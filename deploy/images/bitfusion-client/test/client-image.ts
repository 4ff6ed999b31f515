import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { searchPath, type Shell } from './shells.ts';

const scripts = join(import.meta.dirname, '..');

/** The package that tests choose; `otherPackage` is in the image beside it. */
export const packageName = 'bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb';
export const otherPackage = 'bitfusion-client-centos7-2.5.0-10.x86_64.rpm';

/** Where the client's releases have their libraries, the newer place first. */
export const libraryPath = 'opt/bitfusion/lib/x86_64-linux-gnu/bitfusion/lib';
export const otherLibraryPath = 'opt/bitfusion/lib/x86_64-linux-gnu/lib';

/** A word of every token file; whatever prints it has shown a secret. */
export const secretWord = 'hunter2';

/** A client image, a pod's volume and its token, in a temporary directory that the test's end removes. */
export interface ClientImage {
  readonly shell: Shell;
  /** The image's `/bwki`, `/bitfusion`; the pod's `/bwki/volume` and the mount of its token. */
  readonly tools: string;
  readonly source: string;
  readonly volume: string;
  readonly token: string;
}

export function writeFile(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/** A package as the image has it: program, library with its link, files of unusual modes. */
function writePackage(directory: string, libraries: string): void {
  writeFile(join(directory, 'usr/bin/bitfusion'), '#!/bin/sh\nprintf "client %s\\n" "$*"\n', 0o755);
  writeFile(join(directory, libraries, 'libcuda.so.1.0'), 'library');
  symlinkSync('libcuda.so.1.0', join(directory, libraries, 'libcuda.so.1'));
  writeFile(join(directory, 'opt/bitfusion/install'), '#!/bin/sh\n', 0o750);
  writeFile(join(directory, 'usr/share/bitfusion/VERSION'), '4.5.0', 0o666);
}

/** As the kubelet lays out a projected volume: links into a dated directory. */
function writeToken(directory: string): void {
  const dated = '..2026_01_01_00_00_00.1';
  for (const key of ['client.yaml', 'etc/servers.conf', 'etc/tls/ca.crt']) {
    writeFile(join(directory, dated, key), `${key}: ${secretWord}\n`);
  }
  symlinkSync(dated, join(directory, '..data'));
  symlinkSync('..data/client.yaml', join(directory, 'client.yaml'));
  symlinkSync('..data/etc', join(directory, 'etc'));
}

export function clientImage(shell: Shell): ClientImage {
  const root = mkdtempSync(join(tmpdir(), 'bwki-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  const inside = (name: string) => join(root, name);
  const image = {
    shell,
    tools: inside('bwki'),
    source: inside('bitfusion'),
    volume: inside('volume'),
    token: inside('token'),
  };
  mkdirSync(image.tools);
  copyFileSync(join(scripts, 'populate'), join(image.tools, 'populate'));
  copyFileSync(join(scripts, 'launcher'), join(image.tools, 'launcher'));
  shell.installBusybox(join(image.tools, 'busybox'));
  writePackage(join(image.source, packageName), libraryPath);
  writePackage(join(image.source, otherPackage), otherLibraryPath);
  writeToken(image.token);
  mkdirSync(image.volume);
  chmodSync(image.volume, 0o777);
  chmodSync(root, 0o755);
  return image;
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How populate is started: `user` runs it as that uid and gid (root only), `umask` under that umask. */
export interface PopulateOptions {
  readonly user?: number;
  readonly umask?: string;
}

/** Runs populate with the image's directories, and where the containers see them: in place. */
export function populate(
  image: ClientImage,
  args: readonly string[],
  options: PopulateOptions = {},
): Outcome {
  const [shell, ...shellArguments] = image.shell.argv;
  const directories = [
    `--source=${image.source}`,
    `--volume=${image.volume}`,
    `--token=${image.token}`,
    `--mount=${image.volume}/bitfusion`,
    `--etc=${image.token}/etc`,
  ];
  const script = [...shellArguments, join(image.tools, 'populate'), ...directories, ...args];
  const command =
    options.umask === undefined
      ? [shell, ...script]
      : [shell, ...shellArguments, '-c', `umask ${options.umask}; exec "$0" "$@"`, shell, ...script];
  const [program, ...rest] = command;
  return spawnSync(program ?? shell, rest, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: '/',
    env: { PATH: searchPath },
    ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
  });
}

/** The lines `mode path`, or `link path -> target`, of everything below a directory, in the order of their paths. */
export function listTree(directory: string, prefix = ''): string[] {
  return readdirSync(join(directory, prefix))
    .sort()
    .flatMap((name) => {
      const path = join(prefix, name);
      const status = lstatSync(join(directory, path));
      if (status.isSymbolicLink()) return [`link ${path} -> ${readlinkSync(join(directory, path))}`];
      const line = `${(status.mode & 0o7777).toString(8).padStart(4, '0')} ${path}`;
      return status.isDirectory() ? [`${line}/`, ...listTree(directory, path)] : [line];
    });
}

export function readText(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}
