import { clientVolume, homeSubPath, tokenVolume, type ClientEntry } from '@bwki/spec-parser';

import type { VolumeMount } from '../kubernetes-objects.ts';
import {
  caFile,
  clientHome,
  etcPath,
  etcSubPath,
  launcherPath,
  launcherSubPath,
  optPath,
  optSubPath,
  packagesPath,
  packagesSubPath,
  serversFile,
} from '../layout.ts';

/** What a GPU container mounts, so that the client finds its files where it has them built in (B40, B41). */
export function gpuVolumeMounts(
  client: ClientEntry,
  container: string,
  home: string,
): readonly VolumeMount[] {
  const ownHome: VolumeMount = {
    name: clientVolume,
    mountPath: clientHome(home),
    subPath: homeSubPath(container),
  };
  if (client.kind === 'preinstalled') {
    return [tokenFile(caFile), tokenFile(serversFile), ownHome];
  }
  return [
    readOnly(clientVolume, packagesPath, packagesSubPath),
    readOnly(clientVolume, optPath, optSubPath),
    readOnly(clientVolume, launcherPath, launcherSubPath),
    readOnly(tokenVolume, etcPath, etcSubPath),
    ownHome,
  ];
}

/** An image with the client in it has an `/etc/bitfusion` of its own: only the token's files are laid over it. */
function tokenFile(file: string): VolumeMount {
  return readOnly(tokenVolume, `${etcPath}/${file}`, `${etcSubPath}/${file}`);
}

function readOnly(name: string, mountPath: string, subPath: string): VolumeMount {
  return { name, mountPath, subPath, readOnly: true };
}

/** The directories and files that a GPU container mounts read-only. */
export function readOnlyPaths(client: ClientEntry): readonly string[] {
  return client.kind === 'preinstalled' ? tokenPaths : packagedPaths;
}

/** Whether one of our mounts is a file, for which the kubelet makes no mount point in another volume. */
export function isFileMount({ mountPath }: VolumeMount): boolean {
  return mountPath === launcherPath || tokenPaths.includes(mountPath);
}

const tokenPaths: readonly string[] = [`${etcPath}/${caFile}`, `${etcPath}/${serversFile}`];
const packagedPaths: readonly string[] = [packagesPath, optPath, launcherPath, etcPath];
