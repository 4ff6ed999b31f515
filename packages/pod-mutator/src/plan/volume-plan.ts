import { asJsonObject } from '@bwki/plain-data';
import type { FieldError, FieldPath, VolumeLike } from '@bwki/spec-parser';

import type { SecretProjection, Volume } from '../kubernetes-objects.ts';

export interface VolumePlan {
  readonly append: readonly Volume[];
  readonly errors: readonly FieldError[];
}

/**
 * The volumes that a pod still needs. In a mutated pod one of the same name and source is ours, whatever defaults the
 * API server has added to it since; a foreign one of that name is an error (B42).
 *
 * @param isMutated whether the pod has other parts of an earlier mutation
 */
export function planVolumes(
  present: readonly VolumeLike[],
  wanted: readonly Volume[],
  isMutated: boolean,
  path: FieldPath,
): VolumePlan {
  const append = new Set(wanted);
  const errors: FieldError[] = [];
  for (const [index, volume] of present.entries()) {
    const ours = wanted.find(({ name }) => name === volume.name);
    if (ours === undefined) continue;
    append.delete(ours);
    if (isMutated && isSameVolume(volume, ours)) continue;
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

/** Nothing was checked of what is inside a volume before. */
function isSameVolume(volume: VolumeLike, ours: Volume): boolean {
  if ('emptyDir' in ours) return asJsonObject(volume.emptyDir) !== undefined;
  const present = elements(asJsonObject(volume.projected)?.['sources']);
  const { sources } = ours.projected;
  return (
    present.length === sources.length &&
    sources.every(({ secret }) => present.some((source) => isSameSecret(source['secret'], secret)))
  );
}

function isSameSecret(present: unknown, ours: SecretProjection['secret']): boolean {
  const secret = asJsonObject(present);
  if (secret?.['name'] !== ours.name) return false;
  const items = elements(secret['items']);
  return ours.items.every((item) => items.some(({ key, path }) => key === item.key && path === item.path));
}

function elements(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map((element: unknown) => asJsonObject(element) ?? {}) : [];
}
