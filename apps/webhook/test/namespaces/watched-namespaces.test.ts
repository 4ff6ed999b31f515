import { createLog } from '@bwki/daemon';
import { err } from '@bwki/plain-data';
import { describe, expect, it, vi } from 'vitest';

import { namespaceRecord, type NamespaceApi } from '../../src/namespaces/cluster-namespaces.ts';
import { defaultNamespaceSelector } from '../../src/namespaces/start-watched-namespaces.ts';
import { WatchedNamespaces } from '../../src/namespaces/watched-namespaces.ts';
import { failure } from '../token/in-memory-secrets.ts';
import { InMemoryNamespaces } from '../token/in-memory-namespaces.ts';
import { ImpatientClock } from '../token/token-copies-in-memory.ts';

const gpuTeams = { matchLabels: { gpus: 'bitfusion' } };
const labels = { gpus: 'bitfusion' };
const deadline = (): AbortSignal => AbortSignal.timeout(5000);

function watch(api: NamespaceApi, clock = new ImpatientClock()): WatchedNamespaces {
  return new WatchedNamespaces({ api, log: createLog('silent', { write: () => 0 }), clock });
}

async function listed(watched: WatchedNamespaces): Promise<void> {
  await vi.waitFor(() => {
    expect(watched.unready()).toBeUndefined();
  });
}

describe('B71: the namespaces that are served', () => {
  it('B71: one that is known is answered at once, with no call of the API server', async () => {
    const api = new InMemoryNamespaces(gpuTeams);
    api.put('team', labels);
    await using watched = watch(api);
    await listed(watched);
    expect(watched.lookUp('team', deadline)).toBe('served');
    expect(api.reads).toEqual([]);
  });

  it('B71: one that was made a moment ago is asked for, once by all who need it', async () => {
    const api = new InMemoryNamespaces(gpuTeams);
    await using watched = watch(api);
    await listed(watched);
    api.lags = true;
    api.put('team', labels);
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, async () => watched.lookUp('team', deadline)),
    );
    expect(new Set(verdicts)).toEqual(new Set(['served']));
    expect(api.reads).toEqual(['team']);
    expect(watched.lookUp('team', deadline)).toBe('served');
  });

  it('B71: one that has the label since a moment ago is asked for, too', async () => {
    const api = new InMemoryNamespaces(gpuTeams);
    api.put('team');
    await using watched = watch(api);
    await listed(watched);
    expect(await watched.lookUp('team', deadline)).toBe('unserved');
    api.lags = true;
    api.put('team', labels);
    expect(await watched.lookUp('team', deadline)).toBe('served');
    expect(api.reads).toEqual(['team', 'team']);
  });

  it('B71: one that lost the label, or was deleted, is served no more', async () => {
    const api = new InMemoryNamespaces(gpuTeams);
    api.put('team', labels);
    api.put('other', labels);
    await using watched = watch(api);
    const changes: string[] = [];
    using listening = watched.onChange((name) => changes.push(name));
    await listed(watched);
    api.put('team');
    api.remove('other');
    await vi.waitFor(() => {
      expect([watched.isServed('team'), watched.isServed('other')]).toEqual([false, false]);
    });
    expect(await watched.lookUp('team', deadline)).toBe('unserved');
    expect(await watched.lookUp('other', deadline)).toBe('missing');
    expect(changes).toEqual(['team', 'other', 'team', 'other']);
    listening[Symbol.dispose]();
  });

  it.each(['..', '.', 'a/b', 'a'.repeat(64), 'Team', ''])('B71: %j is asked of nobody', async (name) => {
    const api = new InMemoryNamespaces({});
    await using watched = watch(api);
    await listed(watched);
    expect(watched.lookUp(name, deadline)).toBe('missing');
    expect(api.reads).toEqual([]);
  });

  it('B71: a flood of names that nobody knows costs 100 questions, then 20 a second', async () => {
    const api = new InMemoryNamespaces(gpuTeams);
    const clock = new ImpatientClock();
    await using watched = watch(api, clock);
    await listed(watched);
    const flood = (from: number): Promise<unknown[]> =>
      Promise.all(
        Array.from({ length: 1000 }, async (_, i) => watched.lookUp(`forged-${from + i}`, deadline)),
      );
    expect((await flood(0)).filter((verdict) => verdict === 'unknown')).toHaveLength(900);
    expect(api.reads).toHaveLength(100);
    await clock.sleep(1000);
    await flood(1000);
    expect(api.reads).toHaveLength(120);
  });

  it('B71: before the first list, who asks waits; an API server that does not answer is no verdict', async () => {
    const first = Promise.withResolvers<undefined>();
    const memory = new InMemoryNamespaces(gpuTeams);
    memory.put('team', labels);
    const api: NamespaceApi = {
      all: {
        list: async (...all) => {
          await first.promise;
          return memory.all.list(...all);
        },
        watch: (...all) => memory.all.watch(...all),
      },
      read: () => Promise.resolve(err(failure(500, 'InternalError'))),
    };
    await using watched = watch(api);
    const waiting = watched.lookUp('team', deadline);
    expect(watched.unready()).toBe('namespaces are not known yet');
    expect(await watched.lookUp('team', () => AbortSignal.abort())).toBe('unknown');
    first.resolve(undefined);
    expect(await waiting).toBe('served');
    expect(await watched.lookUp('other', deadline)).toBe('unknown');
  });

  it("B71: by default the webhook's own namespace and kube-system are not served, whatever their labels", () => {
    const selector = defaultNamespaceSelector('gpu-system');
    const isSelected = (name: string): boolean =>
      namespaceRecord({ metadata: { name } }, selector).isSelected;
    expect(['gpu-system', 'kube-system', 'bwki', 'team'].map(isSelected)).toEqual([false, false, true, true]);
  });

  it('B71: pods are selected by their labels', async () => {
    const log = createLog('silent', { write: () => 0 });
    const api = new InMemoryNamespaces({});
    await using watched = new WatchedNamespaces({ api, log, objectSelector: gpuTeams });
    expect(watched.selectsPod({ metadata: { labels } })).toBe(true);
    const none = [
      {},
      { metadata: {} },
      { metadata: { labels: {} } },
      { metadata: { labels: null } },
      { metadata: 'x' },
    ];
    expect(none.map((pod) => watched.selectsPod(pod as object))).toEqual(none.map(() => false));
  });
});
