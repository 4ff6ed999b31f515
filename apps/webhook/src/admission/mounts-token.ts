import { isJsonObject } from '@bwki/plain-data';
import { tokenVolume, type TokenSecrets } from '@bwki/pod-mutator';

/**
 * Whether a pod has the volume with the token that a mutation gives it: one that `bwki inject`, a controller or an
 * earlier call of the webhook has mutated needs the copy, though nothing in it is changed.
 */
export function mountsToken(pod: unknown, tokenSecrets: TokenSecrets): boolean {
  const names: ReadonlySet<unknown> = new Set(Object.values(tokenSecrets));
  const spec = isJsonObject(pod) ? pod['spec'] : undefined;
  const volumes: unknown = isJsonObject(spec) ? spec['volumes'] : undefined;
  if (!Array.isArray(volumes)) return false;
  return volumes.some((volume: unknown) => {
    if (!isJsonObject(volume) || volume['name'] !== tokenVolume || !isJsonObject(volume['projected']))
      return false;
    const { sources } = volume['projected'];
    if (!Array.isArray(sources)) return false;
    return sources.some(
      (source: unknown) =>
        isJsonObject(source) && isJsonObject(source['secret']) && names.has(source['secret']['name']),
    );
  });
}
