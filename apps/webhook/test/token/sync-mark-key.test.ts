import { createLog } from '@bwki/daemon';
import { describe, expect, it, vi } from 'vitest';

import { CopyMarkKey } from '../../src/token/copy-mark-key.ts';
import { copyMarkKeySecret } from '../../src/token/copy-marks.ts';
import { syncMarkKey } from '../../src/token/sync-mark-key.ts';
import { failure, InMemorySecrets } from './in-memory-secrets.ts';
import { SteppedClock } from './token-copies-in-memory.ts';

const { name } = copyMarkKeySecret;

function replica(api: InMemorySecrets) {
  const markKey = new CopyMarkKey();
  const clock = new SteppedClock();
  const stop = new AbortController();
  const log: string[] = [];
  const syncing = syncMarkKey({
    api,
    namespace: 'bwki',
    markKey,
    clock,
    log: createLog('info', { write: (line) => void log.push(line) }),
    signal: stop.signal,
  });
  return {
    markKey,
    clock,
    log,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await syncing;
    },
  };
}

function keyIn(data: Record<string, string>) {
  return { metadata: { name, namespace: 'bwki' }, type: 'Opaque', data };
}

describe('B72: the key of the marks', () => {
  it('B72: is made once, whichever of ten replicas is first', async () => {
    const api = new InMemorySecrets();
    await using stack = new AsyncDisposableStack();
    const replicas = Array.from({ length: 10 }, () => stack.use(replica(api)));
    await Promise.all(replicas.map(({ markKey }) => markKey.known));
    const stored = api.get('bwki', name);
    expect(Object.keys(stored?.data ?? {})).toEqual([copyMarkKeySecret.key]);
    for (const { markKey, log } of replicas) {
      expect(markKey.key).toHaveLength(32);
      expect(markKey.key?.toString('base64')).toBe(stored?.data?.[copyMarkKeySecret.key]);
      expect(log).toEqual([]);
    }
    expect(api.count('create')).toBeLessThanOrEqual(10);
    expect(api.count('update')).toBe(0);
  });

  it('B72: stays where it is there already', async () => {
    const api = new InMemorySecrets();
    const key = Buffer.alloc(32, 3);
    api.put(keyIn({ key: key.toString('base64') }));
    await using ours = replica(api);
    await ours.markKey.known;
    expect(ours.markKey.key).toEqual(key);
    expect(api.count('create')).toBe(0);
  });

  it('B72: deleted while replicas run, it is made again as it was; another one is taken', async () => {
    const api = new InMemorySecrets();
    await using ours = replica(api);
    await ours.markKey.known;
    const first = api.get('bwki', name)?.data;
    api.remove('bwki', name);
    await ours.clock.pass(5 * 60_000);
    await vi.waitFor(() => {
      expect(api.get('bwki', name)?.data).toEqual(first);
    });
    const other = Buffer.alloc(32, 4);
    api.put(keyIn({ key: other.toString('base64') }));
    await ours.clock.pass(5 * 60_000);
    await vi.waitFor(() => {
      expect(ours.markKey.key).toEqual(other);
    });
  });

  it.each([
    ['no key', {}],
    ['one that is too short', { key: 'eA==' }],
  ])('B72: a secret with %s is reported with what mends it, and never overwritten', async (_, data) => {
    const api = new InMemorySecrets();
    api.put(keyIn(data));
    await using ours = replica(api);
    await vi.waitFor(() => {
      expect(api.count('read')).toBeGreaterThan(3);
    });
    expect(api.get('bwki', name)?.data).toEqual(data);
    expect(ours.log).toHaveLength(1);
    expect(ours.log[0]).toMatch(/kubectl delete secret bwki-webhook-token-copy-key -n bwki/);
    api.remove('bwki', name);
    for (let i = 0; i < 3; i += 1) await ours.clock.pass(5000);
    await ours.markKey.known;
  });

  it('B72: an API server that fails is asked again, with waits that grow', async () => {
    const api = new InMemorySecrets();
    const ends = [failure(0, 'ECONNREFUSED'), failure(403, 'Forbidden'), failure(500)];
    api.intercept = () => ends.shift();
    await using ours = replica(api);
    await ours.markKey.known;
    expect(ours.clock.waits.slice(0, 3)).toEqual([100, 200, 400]);
  });
});
