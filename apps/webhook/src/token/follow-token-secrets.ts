import type { Log } from '@bwki/daemon';
import { ok } from '@bwki/plain-data';
import type { TokenSecrets } from '@bwki/pod-mutator';
import { type Clock, systemClock } from '@bwki/timing';

import type { TokenCopies } from '../admission/token-copies.ts';
import type { Metrics } from '../metrics.ts';
import type { SecretApi } from './secret-api.ts';
import type { TokenSecret } from './token-faults.ts';
import { TokenSecretSync } from './token-secret-sync.ts';

/** Token copies that are kept up to date until they are disposed of. */
export interface RunningTokenCopies extends TokenCopies, AsyncDisposable {
  /** Why pods should not be sent here yet; empty once the secrets are known. */
  unready(): readonly string[];
}

export interface FollowTokenSecretsOptions {
  readonly api: SecretApi;
  /** Which secrets hold the token; asked anew for each pod, as the policy may change (B56). */
  readonly tokenSecrets: () => TokenSecrets;
  /** Where an administrator has put them. */
  readonly sourceNamespace: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly clock?: Clock | undefined;
  /** How many copies of a secret are written at once when its source has changed; default 16. */
  readonly parallel?: number | undefined;
}

/** Starts at once, whether or not the API server is there; who needs a copy before that waits. */
export function followTokenSecrets(options: FollowTokenSecretsOptions): RunningTokenCopies {
  const { tokenSecrets, sourceNamespace, clock = systemClock, parallel = 16 } = options;
  const { api, log, metrics } = options;
  const syncs = new Map<string, TokenSecretSync>();
  let followed: TokenSecrets | undefined;
  let ending: Promise<unknown> = Promise.resolve();

  const current = (): Iterable<TokenSecretSync> => {
    const wanted = tokenSecrets();
    if (wanted === followed) return syncs.values();
    followed = wanted;
    const secrets = secretsOf(wanted, sourceNamespace);
    for (const [key, sync] of syncs) {
      if (secrets.has(key)) continue;
      syncs.delete(key);
      ending = Promise.all([ending, sync[Symbol.asyncDispose]()]);
    }
    for (const [key, secret] of secrets) {
      if (!syncs.has(key))
        syncs.set(key, new TokenSecretSync({ secret, api, log, metrics, clock, parallel }));
    }
    return syncs.values();
  };
  current();
  return {
    async ensure(namespace, signal) {
      const ensured = await Promise.all(Array.from(current(), (sync) => sync.ensure(namespace, signal)));
      return ensured.find((one) => !one.ok) ?? ok(undefined);
    },
    unready: () => Array.from(syncs.values(), (sync) => sync.unready() ?? []).flat(),
    async [Symbol.asyncDispose]() {
      await Promise.all([ending, ...Array.from(syncs.values(), (sync) => sync[Symbol.asyncDispose]())]);
    },
  };
}

/** One for each name, with the files that pods take from it. */
function secretsOf(secrets: TokenSecrets, sourceNamespace: string): ReadonlyMap<string, TokenSecret> {
  const byName = Map.groupBy(Object.entries(secrets), ([, name]) => name as string);
  return new Map(
    Array.from(byName, ([name, files]) => {
      const keys = files.map(([key]) => key);
      return [`${name} ${keys.join(' ')}`, { name, sourceNamespace, keys }];
    }),
  );
}
