import { ok } from '@bwki/plain-data';

import { networkFailure, statusFailure } from './api-failure.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { jsonLines } from './json-lines.ts';
import type { ListWatch, ObjectEvent, Versioned } from './list-watch.ts';

export interface Collection<Stored extends Versioned, Kept> {
  /** `/api/v1/nodes` */
  readonly path: string;
  /** `metadata.name=NAME`; undefined for all. */
  readonly fieldSelector?: string | undefined;
  /** How many objects a page has. */
  readonly pageSize: number;
  /** What is kept of an object; the rest can be collected as garbage before the next page comes. */
  readonly keep: (object: Stored) => Kept;
}

/** The API server sends a bookmark about once a minute. */
const watchIdleMs = 150_000;
/** It ends a watch after that time, each at another moment. */
const watchSeconds = { least: 300, more: 300 };

interface ObjectList<Stored> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  /** Null in some versions, where there is none. */
  readonly items: readonly Stored[] | null;
}

interface WatchLine<Stored> {
  readonly type: string;
  readonly object: Stored;
}

/** @param random 0 up to, without, 1 */
export function clusterListWatch<Stored extends Versioned, Kept>(
  cluster: ClusterConnection,
  { path, fieldSelector, pageSize, keep }: Collection<Stored, Kept>,
  random: () => number,
): ListWatch<Kept> {
  const withQuery = (query: Readonly<Record<string, string>>): string => {
    const selector = fieldSelector === undefined ? {} : { fieldSelector };
    return `${path}?${new URLSearchParams({ ...selector, ...query }).toString()}`;
  };
  const eventOf = ({ type, object }: WatchLine<Stored>): ObjectEvent<Kept> => {
    if (type === 'ERROR') return { type: 'failed', failure: statusFailure(object) };
    if (type === 'BOOKMARK') {
      return { type: 'bookmark', resourceVersion: object.metadata.resourceVersion ?? '0' };
    }
    return { type: type === 'DELETED' ? 'removed' : 'put', object: keep(object) };
  };
  return {
    async list(from, signal) {
      const query = { limit: String(pageSize), ...(from === undefined ? {} : { continue: from }) };
      const listed = await cluster.call<ObjectList<Stored>>({
        method: 'GET',
        path: withQuery(query),
        signal,
      });
      if (!listed.ok) return listed;
      const { items, metadata } = listed.value;
      const next = metadata.continue === '' ? undefined : metadata.continue;
      return ok({ items: (items ?? []).map(keep), resourceVersion: metadata.resourceVersion, next });
    },
    async *watch(resourceVersion, signal) {
      const seconds = watchSeconds.least + Math.floor(random() * watchSeconds.more);
      const query = {
        watch: 'true',
        allowWatchBookmarks: 'true',
        resourceVersion,
        timeoutSeconds: String(seconds),
      };
      const answer = await cluster.open({
        method: 'GET',
        path: withQuery(query),
        signal,
        idleMs: watchIdleMs,
      });
      if (!answer.ok) {
        yield { type: 'failed', failure: answer.error };
        return;
      }
      yield { type: 'open' };
      try {
        for await (const line of jsonLines(answer.value)) yield eventOf(line as WatchLine<Stored>);
      } catch (error) {
        yield { type: 'failed', failure: networkFailure(error) };
      }
    },
  };
}
