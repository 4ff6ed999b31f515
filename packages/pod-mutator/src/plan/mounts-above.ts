import { isJsonObject } from '@bwki/plain-data';
import { type FieldError, type FieldPath, type VolumeLike, type VolumeMountLike } from '@bwki/spec-parser';

import type { VolumeMount } from '../kubernetes-objects.ts';
import { isFileMount } from './volume-mounts.ts';

/** A mount of the container in whose directory one of ours lies. */
export interface MountAbove {
  readonly index: number;
  readonly mount: VolumeMountLike;
  /** Clean. */
  readonly mountPath: string;
}

/**
 * Volumes that the kubelet writes itself. It makes directories in them for mounts below, whether they are mounted
 * read-only or not, but no files.
 */
const writtenByKubelet = ['configMap', 'secret', 'projected', 'downwardAPI'] as const;

/** Errors for mounts above ours in which no mount point can be made, so that the container could not start. */
export function checkMountsAbove(
  above: ReadonlyMap<VolumeMount, MountAbove>,
  added: readonly VolumeMount[],
  volumes: readonly VolumeLike[],
  path: FieldPath,
): readonly FieldError[] {
  const errors = new Map<number, FieldError>();
  for (const ours of added) {
    const place = above.get(ours);
    if (place === undefined || errors.has(place.index)) continue;
    const { index, mount } = place;
    const volume = volumes.find(({ name }) => name === mount.name);
    const error = errorOf(ours, mount, volume);
    if (error === undefined) continue;
    const field = path.index(index).child('mountPath').toString();
    errors.set(index, { ...error, type: 'Invalid', field, value: mount.mountPath });
  }
  return Array.from(errors.values());
}

function errorOf(
  ours: VolumeMount,
  mount: VolumeMountLike,
  volume: VolumeLike | undefined,
): Pick<FieldError, 'code' | 'detail'> | undefined {
  const source: Readonly<Record<string, unknown>> = { ...volume };
  const kind = writtenByKubelet.find((name) => isJsonObject(source[name]));
  if (kind !== undefined) {
    if (!isFileMount(ours)) return undefined;
    return {
      code: 'MUTATION_MOUNT_ABOVE_FILES',
      detail: `no file can be mounted in a ${kind} volume, and the Bitfusion client needs ${ours.mountPath}: mount this volume elsewhere, or its files one by one with subPath`,
    };
  }
  if (mount.readOnly !== true && !isReadOnlySource(source)) return undefined;
  return {
    code: 'MUTATION_MOUNT_ABOVE_READ_ONLY',
    detail: `is mounted read-only, so ${ours.mountPath} of the Bitfusion client cannot be mounted in it: mount this volume elsewhere, or writable`,
  };
}

/** An image volume, or a claim, NFS, CSI or other source with `readOnly: true`. */
function isReadOnlySource(volume: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(volume).some(
    ([kind, source]) => isJsonObject(source) && (kind === 'image' || source['readOnly'] === true),
  );
}
