import type { FieldError, FieldPath, VolumeLike } from '@bwki/spec-parser';

import type { Volume } from './kubernetes-objects.ts';

export interface VolumePlan {
  readonly append: readonly Volume[];
  readonly errors: readonly FieldError[];
}

/**
 * The volumes that a pod still needs. One of the same name and source is ours, whatever defaults the API server has
 * added to it since; a foreign one of that name is an error (B42).
 */
export function planVolumes(
  present: readonly VolumeLike[],
  wanted: readonly Volume[],
  path: FieldPath,
): VolumePlan {
  const append = new Set(wanted);
  const errors: FieldError[] = [];
  for (const [index, volume] of present.entries()) {
    const ours = wanted.find(({ name }) => name === volume.name);
    if (ours === undefined) continue;
    append.delete(ours);
    if (isSameVolume(volume, ours)) continue;
    errors.push({
      type: 'Invalid',
      code: 'MUTATION_VOLUME_TAKEN',
      field: path.index(index).child('name').toString(),
      value: volume.name,
      detail: 'is the name of a volume that the Bitfusion client needs: give this volume another one',
    });
  }
  return { append: [...append], errors };
}

function isSameVolume(volume: VolumeLike, ours: Volume): boolean {
  if ('emptyDir' in ours) return volume.emptyDir !== undefined;
  const sources = volume.projected?.sources ?? [];
  return (
    sources.length === ours.projected.sources.length &&
    ours.projected.sources.every(({ secret }) =>
      sources.some(
        (source) =>
          source.secret?.name === secret.name &&
          secret.items.every((item) =>
            source.secret?.items?.some(({ key, path }) => key === item.key && path === item.path),
          ),
      ),
    )
  );
}
