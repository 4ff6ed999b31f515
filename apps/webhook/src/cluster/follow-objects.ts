import { Backoff, type Clock } from '@bwki/timing';

import type { ApiFailure } from './api-failure.ts';
import type { ListWatch, Versioned } from './list-watch.ts';

/** What a follower tells of the objects of a collection. */
export interface ObjectListener<T> {
  /** All there are, first of all and whenever the watch has missed something. */
  listed(objects: readonly T[], resourceVersion: string): void;
  put(object: T): void;
  removed(object: T): void;
  bookmark?(resourceVersion: string): void;
  failed(step: 'list' | 'watch', failure: ApiFailure): void;
  /** The watch is open: what is known is up to date, or will be at once. */
  opened(): void;
}

export interface FollowOptions<T> {
  readonly collection: ListWatch<T>;
  readonly listener: ObjectListener<T>;
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const reconnect = { firstMs: 100, maxMs: 5000 };
/** A watch that ends sooner counts as a failure, or a server that ends each at once would be asked without pause. */
const longWatchMs = 1000;

/** Lists and watches until it is told to stop, over every failure. */
export async function followObjects<T extends Versioned>(options: FollowOptions<T>): Promise<void> {
  const { collection, listener, clock, signal } = options;
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
      listener.listed(listed.objects, resourceVersion);
    }
    const start = clock.now();
    let failure: ApiFailure | undefined;
    for await (const event of collection.watch(resourceVersion, signal)) {
      if (isAborted(signal)) return;
      if (event.type === 'failed') {
        failure = event.failure;
      } else if (event.type === 'bookmark') {
        resourceVersion = event.resourceVersion;
        listener.bookmark?.(resourceVersion);
      } else if (event.type === 'open') {
        listener.opened();
      } else {
        resourceVersion = event.object.metadata.resourceVersion ?? resourceVersion;
        if (event.type === 'put') listener.put(event.object);
        else listener.removed(event.object);
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

type Listed<T> =
  | { readonly ok: true; readonly objects: readonly T[]; readonly resourceVersion: string }
  | { readonly ok: false; readonly error: ApiFailure };

async function listAll<T>({ collection, signal }: FollowOptions<T>): Promise<Listed<T>> {
  const objects: T[] = [];
  let from: string | undefined;
  for (;;) {
    const page = await collection.list(from, signal);
    if (!page.ok) return page;
    objects.push(...page.value.items);
    from = page.value.next;
    if (from === undefined) return { ok: true, objects, resourceVersion: page.value.resourceVersion };
  }
}

/** A call, so that the compiler does not take the state before a wait for the one after it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
