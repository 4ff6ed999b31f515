import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { runClient } from '@bwki/bitfusion-cli-wrap/exec';
import { standInRoot } from '@bwki/bitfusion-cli-wrap/testing';
import type { ContainerLike, PodLike, VolumeLike } from '@bwki/spec-parser';

import type { ClientImage } from './client-image.ts';

/** A directory for each of a pod's volumes, by the volume's name. */
export type PodVolumes = ReadonlyMap<string, string>;

const populateCommand = '/bwki/populate';
const timeoutMs = 20_000;

/**
 * Makes a mutated pod's volumes below a directory as the kubelet and the pod's populating steps leave them: those of
 * the user empty, the token's with a token that opens nothing, the client's as the real `populate` fills it.
 *
 * @throws Error where `populate` fails: then the scripts of this project do not fit together
 */
export async function makePodVolumes(
  directory: string,
  pod: PodLike,
  image: ClientImage,
  signal: AbortSignal,
): Promise<PodVolumes> {
  const secret = join(directory, 'secret');
  await mkdir(secret, { recursive: true });
  await standInRoot({ root: secret });

  const volumes = new Map<string, string>();
  for (const volume of pod.spec?.volumes ?? []) {
    const path = join(directory, volume.name ?? '');
    volumes.set(volume.name ?? '', path);
    await mkdir(path, { recursive: true });
    await project(volume, path, secret);
  }
  for (const container of pod.spec?.initContainers ?? []) {
    if (container.command?.[0] === populateCommand) await populate(container, volumes, image, signal);
  }
  return volumes;
}

/** Where the stand-in's files are that the keys of the token's secret hold. */
const secretFiles: Readonly<Record<string, string>> = {
  'ca.crt': 'etc/bitfusion/tls/ca.crt',
  'servers.conf': 'etc/bitfusion/servers.conf',
  'client.yaml': 'root/.bitfusion/client.yaml',
};

async function project({ projected }: VolumeLike, volume: string, secret: string): Promise<void> {
  const items = (projected?.sources ?? []).flatMap((source) => source.secret?.items ?? []);
  for (const { key = '', path = '' } of items) {
    const file = secretFiles[key];
    if (file === undefined) continue;
    await mkdir(dirname(join(volume, path)), { recursive: true });
    await copyFile(join(secret, file), join(volume, path));
  }
}

async function populate(
  step: ContainerLike,
  volumes: PodVolumes,
  image: ClientImage,
  signal: AbortSignal,
): Promise<void> {
  const mounted = (mountPath: string): string => {
    const mount = step.volumeMounts?.find((candidate) => candidate.mountPath === mountPath);
    return volumes.get(mount?.name ?? '') ?? '';
  };
  const volume = mounted('/bwki/volume');
  const token = mounted('/var/run/secrets/kubernetes.io/serviceaccount');
  const directories = [
    `--source=${image.packages}`,
    `--volume=${volume}`,
    `--token=${token}`,
    `--mount=${join(volume, 'bitfusion')}`,
    `--etc=${join(token, 'etc')}`,
  ];
  const ran = await runClient({
    binary: '/bin/sh',
    argv: [join(image.tools, 'populate'), ...directories, ...(step.args ?? [])],
    timeout: timeoutMs,
    signal,
    env: { PATH: '/usr/bin:/bin' },
  });
  if (ran.ok) return;
  const said = 'stderr' in ran.error ? ran.error.stderr.trim() : '';
  throw new Error(`${step.name ?? populateCommand} failed (${ran.error.kind}): ${said}`);
}
