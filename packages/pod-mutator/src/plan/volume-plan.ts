import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import { type FieldError, type FieldPath, type VolumeLike, tokenVolume } from '@bwki/spec-parser';

import type { TokenSecrets } from '../policy/policy.ts';

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
  let append = wanted;
  const errors: FieldError[] = [];
  for (const [index, volume] of present.entries()) {
    const ours = wanted.find(({ name }) => name === volume.name);
    if (ours === undefined) continue;
    append = append.filter((other) => other !== ours);
    if (isMutated && isSameVolume(volume, ours)) continue;
    errors.push({
      type: 'Invalid',
      code: 'MUTATION_VOLUME_TAKEN',
      field: path.index(index).child('name').toString(),
      value: volume.name,
      detail: 'is the name of a volume that the Bitfusion client needs: give this volume another one',
    });
  }
  return { append, errors };
}

/** Nothing was checked of what is inside a volume before. */
function isSameVolume(volume: VolumeLike, ours: Volume): boolean {
  if ('emptyDir' in ours) return isJsonObject(volume.emptyDir);
  const projected: unknown = volume.projected;
  const present = elements(isJsonObject(projected) ? projected['sources'] : undefined);
  const { sources } = ours.projected;
  return (
    present.length === sources.length &&
    sources.every(({ secret }) => present.some((source) => isSameSecret(source['secret'], secret)))
  );
}

/** Whether a pod has the volume of the access token that a mutation gives it, from one of these secrets. */
export function hasTokenVolume(volumes: readonly VolumeLike[], secrets: TokenSecrets): boolean {
  const names: ReadonlySet<unknown> = new Set(Object.values(secrets));
  return volumes.some((volume) => {
    const projected: unknown = volume.name === tokenVolume ? volume.projected : undefined;
    return elements(isJsonObject(projected) ? projected['sources'] : undefined).some(
      ({ secret }) => isJsonObject(secret) && names.has(secret['name']),
    );
  });
}

function isSameSecret(present: unknown, ours: SecretProjection['secret']): boolean {
  if (!isJsonObject(present) || present['name'] !== ours.name) return false;
  const items = elements(present['items']);
  return ours.items.every((item) => items.some(({ key, path }) => key === item.key && path === item.path));
}

function elements(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
