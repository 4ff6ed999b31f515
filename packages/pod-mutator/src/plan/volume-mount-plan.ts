import type { FieldError, FieldPath, VolumeMountLike } from '@bwki/spec-parser';

import type { VolumeMount } from '../kubernetes-objects.ts';
import { cleanMountPath, isBelow } from './mount-path.ts';

export interface VolumeMountPlan {
  readonly append: readonly VolumeMount[];
  readonly errors: readonly FieldError[];
}

/**
 * The mounts that a container still needs (B42): one that is there already counts, another at the same path is an
 * error. So is one below a directory that is mounted read-only, where no mount point could be made for it. A
 * mount above is the user's own business: a volume at `/home/jovyan` may hold `/home/jovyan/.bitfusion`.
 */
export function planVolumeMounts(
  present: readonly VolumeMountLike[],
  wanted: readonly VolumeMount[],
  path: FieldPath,
): VolumeMountPlan {
  const append = new Set(wanted);
  const errors: FieldError[] = [];
  for (const [index, mount] of present.entries()) {
    const mountPath = cleanMountPath(mount.mountPath ?? '');
    for (const ours of wanted) {
      if (mountPath === ours.mountPath) {
        if (mount.name === ours.name && mount.subPath === ours.subPath) append.delete(ours);
        else errors.push(taken(path.index(index), mount, ours));
      } else if (ours.readOnly === true && isBelow(mountPath, ours.mountPath)) {
        errors.push(belowReadOnly(path.index(index), mount, ours));
      }
    }
  }
  return { append: [...append], errors };
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
