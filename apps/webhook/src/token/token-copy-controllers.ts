import type { TokenSecrets } from '@bwki/pod-mutator';
import { ok } from '@bwki/plain-data';

import type { TokenCopies } from '../admission/token-copies.ts';
import { TokenCopyController, type TokenCopyControllerOptions } from './token-copy-controller.ts';
import type { TokenSecret } from './token-faults.ts';

/** Token copies that are kept up to date until they are disposed of. */
export interface RunningTokenCopies extends TokenCopies, AsyncDisposable {
  /** Why pods should not be sent here yet; empty once the secrets are known. */
  unready(): readonly string[];
}

export interface TokenCopyControllersOptions extends Omit<TokenCopyControllerOptions, 'secret'> {
  /** Which secrets hold the token; asked again for each pod, as the policy may change (B56). */
  readonly tokenSecrets: () => TokenSecrets;
  /** Where an administrator has put them. */
  readonly sourceNamespace: string;
}

/**
 * A controller for each secret of the policy. They start at once, whether or not the API server is there; who needs a
 * copy before that waits.
 */
export function startTokenCopyControllers(options: TokenCopyControllersOptions): RunningTokenCopies {
  const { tokenSecrets, sourceNamespace } = options;
  const controllers = new Map<string, TokenCopyController>();
  let known: TokenSecrets | undefined;
  let ending: Promise<unknown> = Promise.resolve();

  const current = (): readonly TokenCopyController[] => {
    const wanted = tokenSecrets();
    if (wanted === known) return [...controllers.values()];
    known = wanted;
    const secrets = secretsOf(wanted, sourceNamespace);
    for (const [key, controller] of controllers) {
      if (secrets.has(key)) continue;
      controllers.delete(key);
      ending = Promise.all([ending, controller[Symbol.asyncDispose]()]);
    }
    for (const [key, secret] of secrets) {
      if (!controllers.has(key)) controllers.set(key, new TokenCopyController({ ...options, secret }));
    }
    return [...controllers.values()];
  };
  current();
  return {
    async ensure(namespace, signal) {
      const ensured = await Promise.all(current().map((controller) => controller.ensure(namespace, signal)));
      return ensured.find((one) => !one.ok) ?? ok(undefined);
    },
    unready: () => Array.from(controllers.values(), (controller) => controller.unready() ?? []).flat(),
    async [Symbol.asyncDispose]() {
      const disposed = Array.from(controllers.values(), (controller) => controller[Symbol.asyncDispose]());
      await Promise.all([ending, ...disposed]);
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
