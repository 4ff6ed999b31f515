import { describe, expect, it, vi } from 'vitest';

import { failure, InMemorySecrets, type Verb } from './in-memory-secrets.ts';
import { inMemory, ours, secretIn, token } from './token-copies-in-memory.ts';

/** The first calls of a verb have these ends; undefined is one that succeeds. */
function failing(api: InMemorySecrets, verb: Verb, ends: (ReturnType<typeof failure> | undefined)[]): void {
  api.intercept = (call) => (call.verb === verb ? ends.shift() : undefined);
}

describe('B52: races', () => {
  it('B52: created by another replica meanwhile is as good', async () => {
    await using memory = inMemory();
    memory.api.intercept = ({ verb }) => {
      if (verb === 'create' && memory.api.get('team') === undefined) {
        memory.api.put(secretIn('team', token('1'), ours()));
      }
      return undefined;
    };
    expect((await memory.ensure('team')).ok).toBe(true);
    expect(memory.api.count('create')).toBe(1);
  });

  it("B52: a user's own that was created meanwhile is not overwritten", async () => {
    await using memory = inMemory();
    memory.api.intercept = ({ verb }) => {
      if (verb === 'create') memory.api.put(secretIn('team', { mine: 'eA==' }));
      return undefined;
    };
    expect(await memory.ensure('team')).toMatchObject({ error: { code: 'TOKEN_SECRET_FOREIGN' } });
    expect(memory.api.get('team')?.data).toEqual({ mine: 'eA==' });
  });

  it('B52: changed or deleted between look and write, it is looked at again', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    let disturbances = 3;
    memory.api.intercept = ({ verb }) => {
      if (verb !== 'update' || disturbances === 0) return undefined;
      disturbances -= 1;
      if (disturbances === 1) memory.api.remove('team');
      else memory.api.put(secretIn('team', token('disturbed'), ours()));
      return undefined;
    };
    memory.api.put(secretIn('kube-system', token('2')));
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.data).toEqual(token('2'));
    });
  });

  it('B52: a namespace that there is not, or no more, is a fault that is not tried again', async () => {
    await using memory = inMemory();
    failing(memory.api, 'create', [failure(404, 'NotFound')]);
    expect(await memory.ensure('team')).toMatchObject({
      error: { code: 'TOKEN_NAMESPACE_GONE', retryable: false },
    });
    expect(memory.api.count('create')).toBe(1);
  });
});

describe('B52: an API server that fails', () => {
  it.each([
    ['no connection', failure(0, 'ECONNRESET')],
    ['too many requests', failure(429, 'TooManyRequests')],
    ['a server error', failure(500, 'InternalError')],
    ['a server that has not read the roles yet', failure(403, 'Forbidden')],
  ])('B52: a write that meets %s is tried again, with waits that grow', async (_, fault) => {
    await using memory = inMemory();
    failing(memory.api, 'create', [fault, fault]);
    expect((await memory.ensure('team')).ok).toBe(true);
    expect(memory.clock.waits.slice(0, 2)).toEqual([50, 100]);
  });

  it('B52: and given up after six attempts, for the user to try again', async () => {
    await using memory = inMemory();
    memory.api.intercept = ({ verb }) => (verb === 'create' ? failure(503, 'ServiceUnavailable') : undefined);
    expect(await memory.ensure('team')).toMatchObject({
      error: { code: 'TOKEN_API_UNAVAILABLE', retryable: true },
    });
    expect(memory.api.count('create')).toBe(6);
    memory.api.intercept = ({ verb }) => (verb === 'create' ? failure(403, 'Forbidden') : undefined);
    expect(await memory.ensure('team')).toMatchObject({ error: { code: 'TOKEN_COPY_REFUSED' } });
  });

  it('B52: a write that is refused is a fault that says what a quota says, and nothing else of the text', async () => {
    await using memory = inMemory();
    const quota = 'exceeded quota: few, requested: secrets=1, used: secrets=3, limited: secrets=3';
    failing(memory.api, 'create', [failure(403, 'Forbidden', { quota }), failure(422, 'Invalid')]);
    const refusals = [await memory.ensure('team'), await memory.ensure('team')];
    expect(refusals).toMatchObject([
      { error: { code: 'TOKEN_COPY_REFUSED', detail: expect.stringContaining(quota) as string } },
      { error: { detail: expect.stringContaining('(HTTP 422 Invalid)') as string } },
    ]);
  });

  it('B52: a start without one waits and recovers', async () => {
    const api = new InMemorySecrets();
    const ends = Array.from({ length: 5 }, () => failure(0, 'ECONNREFUSED'));
    failing(api, 'list', ends);
    await using memory = inMemory(undefined, { api });
    expect(memory.copies.unready()).toEqual(['secrets bitfusion-secret are not known yet']);
    expect((await memory.ensure('team')).ok).toBe(true);
    expect(memory.copies.unready()).toEqual([]);
    expect(memory.clock.waits.slice(0, 5)).toEqual([100, 200, 400, 800, 1600]);
    expect(memory.log.filter((line) => line.includes('cannot be watched'))).toHaveLength(1);
  });

  it('B52: a server that denies everything until it has read the roles is waited for', async () => {
    const api = new InMemorySecrets();
    failing(
      api,
      'list',
      Array.from({ length: 4 }, () => failure(403, 'Forbidden')),
    );
    await using memory = inMemory(undefined, { api });
    expect((await memory.ensure('team')).ok).toBe(true);
  });

  it('B58: a role that lacks the name is a fault after some attempts, and mended without a restart', async () => {
    const api = new InMemorySecrets();
    let isAllowed = false;
    api.intercept = ({ verb }) => (verb === 'list' && !isAllowed ? failure(403, 'Forbidden') : undefined);
    await using memory = inMemory(undefined, { api });
    expect(await memory.ensure('team')).toMatchObject({ error: { code: 'TOKEN_ACCESS_DENIED' } });
    isAllowed = true;
    await vi.waitFor(async () => {
      expect((await memory.ensure('team')).ok).toBe(true);
    });
  });

  it('B52: a watch that ends goes on where it was, without a list', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    memory.api.cutWatches();
    memory.api.put(secretIn('kube-system', token('2')));
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.data).toEqual(token('2'));
    });
    expect(memory.api.count('list')).toBe(1);
  });

  it('B52: what happened while the history was forgotten (410) comes with a new list', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    await memory.ensure('kept');
    memory.api.intercept = ({ verb }) => (verb === 'watch' ? failure(0, 'ECONNREFUSED') : undefined);
    memory.api.cutWatches();
    memory.api.remove('team');
    memory.api.put(secretIn('kube-system', token('2')));
    memory.api.forget();
    memory.api.intercept = () => undefined;
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.data).toEqual(token('2'));
      expect(memory.api.get('kept')?.data).toEqual(token('2'));
    });
    expect(memory.api.count('list')).toBe(2);
  });

  it('a watch that ends at once, again and again, is asked for with pauses up to five seconds', async () => {
    const api = new InMemorySecrets();
    api.intercept = ({ verb }) => (verb === 'watch' ? failure(0, 'ECONNRESET') : undefined);
    await using memory = inMemory(undefined, { api });
    await vi.waitFor(() => {
      expect(memory.clock.waits.length).toBeGreaterThan(10);
    });
    expect(memory.clock.waits.slice(0, 8)).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(api.count('list')).toBe(1);
  });

  it('disposing ends it while a write hangs', async () => {
    const memory = inMemory();
    const { promise: hold, resolve } = Promise.withResolvers<undefined>();
    memory.api.intercept = ({ verb }) => (verb === 'create' ? hold : undefined);
    const asked = memory.ensure('team');
    await vi.waitFor(() => {
      expect(memory.api.count('create')).toBe(1);
    });
    const disposed = memory[Symbol.asyncDispose]();
    resolve(undefined);
    await disposed;
    await asked;
    const before = memory.api.calls.length;
    memory.api.put(secretIn('kube-system', token('2')));
    await new Promise((done) => setTimeout(done, 20));
    expect(memory.api.calls.length).toBe(before);
  });
});
