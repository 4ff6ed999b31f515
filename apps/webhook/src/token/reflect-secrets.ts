import type { Clock } from '@bwki/timing';

import { followObjects } from '../cluster/follow-objects.ts';
import type { ListWatch } from '../cluster/list-watch.ts';
import type { ObjectStore } from '../cluster/object-store.ts';
import type { ReflectorState } from './reflector-state.ts';
import type { Secret } from './secret-api.ts';
import { recordOf, type SecretRecord } from './secret-record.ts';
import type { SourceState } from './source-state.ts';
import type { TokenSecret } from './token-faults.ts';

export interface ReflectSecretsOptions {
  readonly secret: TokenSecret;
  /** The secrets of that name in all namespaces. */
  readonly collection: ListWatch<Secret>;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Gets the secret that is copied. */
  readonly source: SourceState;
  /** Gets all others. */
  readonly store: ObjectStore<SecretRecord>;
  readonly state: ReflectorState;
  /** Called when any copy may be out of date. */
  readonly onStale: () => void;
}

/** Lists and watches the secrets of a name until it is aborted, and sorts them into the source and the others. */
export async function reflectSecrets(options: ReflectSecretsOptions): Promise<void> {
  const { secret, collection, clock, signal, source, store, state, onStale } = options;
  const { sourceNamespace } = secret;
  const apply = (changed: Secret, isRemoved: boolean): void => {
    const { namespace, resourceVersion = '0' } = changed.metadata;
    const version = BigInt(resourceVersion);
    if (namespace !== sourceNamespace) {
      store.apply(namespace, isRemoved ? undefined : recordOf(changed), version);
      return;
    }
    store.bookmark(version);
    if (source.set(isRemoved ? undefined : changed)) onStale();
  };
  await followObjects({
    collection,
    clock,
    signal,
    listener: {
      listed: (secrets, resourceVersion) => {
        const sourceSecret = secrets.find(({ metadata }) => metadata.namespace === sourceNamespace);
        source.set(sourceSecret);
        const copies = secrets.filter((one) => one !== sourceSecret);
        store.replace(copies.map(recordOf), BigInt(resourceVersion));
        state.listed();
        onStale();
      },
      put: (changed) => {
        apply(changed, false);
      },
      removed: (changed) => {
        apply(changed, true);
      },
      bookmark: (resourceVersion) => {
        store.bookmark(BigInt(resourceVersion));
      },
      opened: () => {
        state.opened();
      },
      failed: (step, failure) => {
        state.failed(step, failure);
      },
    },
  });
}
