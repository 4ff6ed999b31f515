import type { Result } from '@bwki/plain-data';

import type { ApiFailure } from './api-failure.ts';

/** What every object of the API has, as far as following it needs. */
export interface Versioned {
  readonly metadata: { readonly resourceVersion?: string };
}

export interface ObjectPage<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  /** Where the next page starts; undefined on the last one. */
  readonly next: string | undefined;
}

export type ObjectEvent<T> =
  /** The API server has taken the watch. */
  | { readonly type: 'open' }
  | { readonly type: 'put' | 'removed'; readonly object: T }
  /** All up to this resource version has been sent. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string }
  /** The last event of a watch that does not end by itself. */
  | { readonly type: 'failed'; readonly failure: ApiFailure };

/** A collection of objects that can be listed and watched. Never rejects. */
export interface ListWatch<T> {
  /** @param from `next` of the page before */
  list(from: string | undefined, signal: AbortSignal): Promise<Result<ObjectPage<T>, ApiFailure>>;
  /** What happens after a resource version; ends when the API server ends it, or with `signal`. */
  watch(resourceVersion: string, signal: AbortSignal): AsyncIterable<ObjectEvent<T>>;
}
