import { Backoff } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { ApiFailure, Secret, SecretApi } from './secret-api.ts';

/** What a follower tells of the secrets of one name. */
export interface SecretListener {
  /** All there are, first of all and whenever the watch has missed something. */
  listed(secrets: readonly Secret[], resourceVersion: string): void;
  put(secret: Secret): void;
  removed(secret: Secret): void;
  bookmark(resourceVersion: string): void;
  failed(step: 'list' | 'watch', failure: ApiFailure): void;
  /** The watch is open: what is known is up to date, or will be at once. */
  opened(): void;
}

export interface FollowOptions {
  readonly name: string;
  readonly api: SecretApi;
  readonly listener: SecretListener;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const reconnect = { firstMs: 100, maxMs: 5000 };
/** A watch that ends sooner counts as a failure, or a server that ends each at once would be asked without pause. */
const longWatchMs = 1000;

/** Lists and watches until it is told to stop, over every failure. */
export async function followSecrets(options: FollowOptions): Promise<void> {
  const { api, name, listener, clock, signal } = options;
  const backoff = new Backoff(reconnect, clock);
  let resourceVersion: string | undefined;
  while (!signal.aborted) {
    if (resourceVersion === undefined) {
      const listed = await listAll(options);
      if (!listed.ok) {
        if (isAborted(signal)) return;
        listener.failed('list', listed.error);
        await backoff.wait(signal, listed.error.retryAfterMs);
        continue;
      }
      resourceVersion = listed.resourceVersion;
      listener.listed(listed.secrets, resourceVersion);
    }
    const start = clock.now();
    let failure: ApiFailure | undefined;
    for await (const event of api.watch(name, resourceVersion, signal)) {
      if (isAborted(signal)) return;
      if (event.type === 'failed') {
        failure = event.failure;
      } else if (event.type === 'bookmark') {
        resourceVersion = event.resourceVersion;
        listener.bookmark(resourceVersion);
      } else if (event.type === 'open') {
        listener.opened();
      } else {
        resourceVersion = event.secret.metadata.resourceVersion ?? resourceVersion;
        if (event.type === 'put') listener.put(event.secret);
        else listener.removed(event.secret);
      }
    }
    if (isAborted(signal)) return;
    if (failure !== undefined) {
      listener.failed('watch', failure);
      // An answer, such as 410 for a version that is forgotten, leaves no other way; a broken connection does.
      if (failure.status !== 0 && failure.status !== 429) resourceVersion = undefined;
    }
    if (clock.now() - start >= longWatchMs) backoff.reset();
    await backoff.wait(signal, failure?.retryAfterMs);
  }
}

type Listed =
  | { readonly ok: true; readonly secrets: readonly Secret[]; readonly resourceVersion: string }
  | { readonly ok: false; readonly error: ApiFailure };

async function listAll({ api, name, signal }: FollowOptions): Promise<Listed> {
  const secrets: Secret[] = [];
  let from: string | undefined;
  for (;;) {
    const page = await api.list(name, from, signal);
    if (!page.ok) return page;
    secrets.push(...page.value.items);
    from = page.value.next;
    if (from === undefined) return { ok: true, secrets, resourceVersion: page.value.resourceVersion };
  }
}

/** A call, so that the compiler does not take the state before a wait for the one after it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
