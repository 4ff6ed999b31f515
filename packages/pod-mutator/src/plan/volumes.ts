import { clientVolume, tokenVolume } from '@bwki/spec-parser';

import { caFile, clientFile, etcSubPath, serversFile } from '../layout.ts';
import type { KeyToPath, SecretProjection, Volume } from '../kubernetes-objects.ts';
import type { TokenSecrets } from '../policy/policy.ts';

const etcCaPath = [etcSubPath, caFile].join('/');
const etcServersPath = [etcSubPath, serversFile].join('/');

/** The two volumes of a mutated pod (B39). */
export function podVolumes(secrets: TokenSecrets): readonly Volume[] {
  return [
    { name: clientVolume, emptyDir: {} },
    { name: tokenVolume, projected: { sources: tokenSources(secrets) } },
  ];
}

/**
 * One source a secret, with only the keys that are read. `ca.crt` and `servers.conf` lie under `etc`, so that a
 * container can mount that directory alone: `client.yaml`, which holds the token, is for the populating step.
 */
function tokenSources(secrets: TokenSecrets): readonly SecretProjection[] {
  const itemsOf = new Map<string, KeyToPath[]>();
  const add = (name: string, item: KeyToPath): void => {
    const items = itemsOf.get(name);
    if (items === undefined) itemsOf.set(name, [item]);
    else items.push(item);
  };
  add(secrets['ca.crt'], { key: 'ca.crt', path: etcCaPath });
  add(secrets['servers.conf'], { key: 'servers.conf', path: etcServersPath });
  add(secrets['client.yaml'], { key: 'client.yaml', path: clientFile });
  return Array.from(itemsOf, ([name, items]) => ({ secret: { name, items } }));
}
