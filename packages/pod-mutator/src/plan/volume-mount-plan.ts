import type { FieldError, FieldPath, VolumeLike, VolumeMountLike } from '@bwki/spec-parser';

import type { VolumeMount } from '../kubernetes-objects.ts';
import { checkMountsAbove, type MountAbove } from './mounts-above.ts';
import { cleanMountPath, isBelow } from './mount-path.ts';

export interface VolumeMountPlan {
  readonly append: readonly VolumeMount[];
  readonly errors: readonly FieldError[];
}

/**
 * The mounts that a container still needs: one that is there already counts, another at the same path is an error. So
 * is one below a directory that is mounted read-only, where no mount point could be made for it, and one above ours
 * in which none could be made. Any other mount above is fine: a volume at `/home/jovyan` may hold
 * `/home/jovyan/.bitfusion`.
 */
export function planVolumeMounts(
  present: readonly VolumeMountLike[],
  wanted: readonly VolumeMount[],
  volumes: readonly VolumeLike[],
  path: FieldPath,
): VolumeMountPlan {
  if (present.length === 0) return { append: wanted, errors: [] };
  let append = wanted;
  const errors: FieldError[] = [];
  const above = new Map<VolumeMount, MountAbove>();
  for (let index = 0; index < present.length; index++) {
    const mount = present[index];
    if (mount === undefined) continue;
    const mountPath = cleanMountPath(mount.mountPath ?? '');
    for (const ours of wanted) {
      if (mountPath === ours.mountPath) {
        if (mount.name === ours.name && mount.subPath === ours.subPath)
          append = append.filter((other) => other !== ours);
        else errors.push(taken(path.index(index), mount, ours));
      } else if (isBelow(ours.mountPath, mountPath)) {
        const nearest = above.get(ours);
        if (nearest === undefined || nearest.mountPath.length < mountPath.length)
          above.set(ours, { index, mount, mountPath });
      } else if (ours.readOnly === true && isBelow(mountPath, ours.mountPath)) {
        errors.push(belowReadOnly(path.index(index), mount, ours));
      }
    }
  }
  if (above.size > 0) errors.push(...checkMountsAbove(above, append, volumes, path));
  return { append, errors };
}

function taken(path: FieldPath, mount: VolumeMountLike, ours: VolumeMount): FieldError {
  return {
    type: 'Invalid',
    code: 'MUTATION_MOUNT_PATH_TAKEN',
    field: path.child('mountPath').toString(),
    value: mount.mountPath,
    detail: `the Bitfusion client has its files at ${ours.mountPath}: mount this volume elsewhere`,
  };
}

function belowReadOnly(path: FieldPath, mount: VolumeMountLike, ours: VolumeMount): FieldError {
  return {
    type: 'Invalid',
    code: 'MUTATION_MOUNT_BELOW_READ_ONLY',
    field: path.child('mountPath').toString(),
    value: mount.mountPath,
    detail: `${ours.mountPath} is mounted read-only for the Bitfusion client, so nothing can be mounted below it: mount this volume elsewhere`,
  };
}
