import { ok } from '@bwki/plain-data';
import { describe, expect, it, vi } from 'vitest';

import { copyLabel, copyMarkAnnotation, sourceVersionAnnotation } from '../../src/token/copy-marks.ts';
import { failure, InMemorySecrets } from './in-memory-secrets.ts';
import { inMemory, labelled, ours, secretIn, token } from './token-copies-in-memory.ts';

describe('B52: a copy before the answer', () => {
  it('B52: is made with all keys, the label, the mark and the version of its source', async () => {
    await using memory = inMemory();
    expect(await memory.ensure('team')).toEqual(ok(undefined));
    const copy = memory.api.get('team');
    expect(copy?.data).toEqual(token('1'));
    expect(copy?.metadata.labels).toEqual({ [copyLabel.key]: copyLabel.value });
    const { resourceVersion } = memory.api.get('kube-system')?.metadata ?? {};
    expect(copy?.metadata.annotations).toEqual({
      [sourceVersionAnnotation]: resourceVersion,
      [copyMarkAnnotation]: ours().annotations?.[copyMarkAnnotation],
    });
    expect(await memory.outcomes()).toEqual({ created: 1 });
  });

  it('B52: no call is made when the copy is current', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    const before = memory.api.calls.length;
    for (let i = 0; i < 100; i += 1) expect((await memory.ensure('team')).ok).toBe(true);
    expect(memory.api.calls.length).toBe(before);
    expect(await memory.outcomes()).toEqual({ created: 1, current: 100 });
  });

  it('B52: a hundred pods at once in one namespace make one call', async () => {
    await using memory = inMemory();
    const all = await Promise.all(Array.from({ length: 100 }, () => memory.ensure('team')));
    expect(all.every(({ ok }) => ok)).toBe(true);
    expect(memory.api.count('create')).toBe(1);
  });

  it('B52: one that waits no longer does not end it for the others', async () => {
    await using memory = inMemory();
    const { promise: hold, resolve: release } = Promise.withResolvers<undefined>();
    memory.api.intercept = ({ verb }) => (verb === 'create' ? hold : undefined);
    const leaving = new AbortController();
    const gone = memory.copies.ensure('team', leaving.signal);
    const staying = memory.ensure('team');
    await vi.waitFor(() => {
      expect(memory.api.count('create')).toBe(1);
    });
    leaving.abort();
    expect(await gone).toMatchObject({ error: { code: 'TOKEN_API_UNAVAILABLE', retryable: true } });
    release(undefined);
    expect((await staying).ok).toBe(true);
  });

  it('B52: the source needs no copy in its own namespace', async () => {
    await using memory = inMemory();
    expect((await memory.ensure('kube-system')).ok).toBe(true);
    expect(memory.api.count('create') + memory.api.count('update')).toBe(0);
  });

  it("B52: the original's three secrets are copied each", async () => {
    const three = {
      'ca.crt': 'bitfusion-client-secret-ca.crt',
      'client.yaml': 'bitfusion-client-secret-client.yml',
      'servers.conf': 'bitfusion-client-secret-servers.conf',
    };
    const sources = Object.entries(three).map(([key, name]) =>
      secretIn('kube-system', { [key]: token('1')[key] ?? '' }, { name }),
    );
    await using memory = inMemory(sources, { tokenSecrets: () => three });
    expect((await memory.ensure('team')).ok).toBe(true);
    for (const name of Object.values(three)) expect(memory.api.get('team', name)?.data).toBeDefined();
    memory.api.remove('kube-system', three['client.yaml']);
    await vi.waitFor(async () => {
      expect(await memory.ensure('team')).toMatchObject({
        error: {
          detail: expect.stringContaining(
            '`kubectl create secret generic bitfusion-client-secret-client.yml -n kube-system --from-file=client.yaml`',
          ) as string,
        },
      });
    });
  });

  it('B56: another name in the policy is followed from the next pod on', async () => {
    let secrets = { 'ca.crt': 'a', 'client.yaml': 'a', 'servers.conf': 'a' };
    const sources = ['a', 'b'].map((name) => secretIn('kube-system', token(name), { name }));
    await using memory = inMemory(sources, { tokenSecrets: () => secrets });
    await memory.ensure('team');
    secrets = { 'ca.crt': 'b', 'client.yaml': 'b', 'servers.conf': 'b' };
    expect((await memory.ensure('team')).ok).toBe(true);
    expect(memory.api.get('team', 'b')?.data).toEqual(token('b'));
  });
});

describe('B52: a source that cannot be copied', () => {
  it('B52: that is missing is a fault with the command that makes it', async () => {
    await using memory = inMemory([]);
    expect(await memory.ensure('team')).toMatchObject({
      error: {
        code: 'TOKEN_SOURCE_MISSING',
        retryable: false,
        detail: expect.stringContaining(
          '`kubectl create secret generic bitfusion-secret -n kube-system --from-file=ca.crt --from-file=client.yaml --from-file=servers.conf`',
        ) as string,
      },
    });
    expect(await memory.outcomes()).toEqual({ source_missing: 2 });
    const lines = memory.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ code }) => code === 'TOKEN_SOURCE_MISSING')).toMatchObject([
      { level: 'warn', fault: expect.stringContaining('`kubectl create secret') as string },
    ]);
  });

  it.each([
    ['without one', { 'ca.crt': 'eA==', 'servers.conf': 'eA==' }],
    ['with an empty one', { 'ca.crt': 'eA==', 'client.yaml': '', 'servers.conf': 'eA==' }],
  ])('B52: %s of its keys is a fault that names the key', async (_, data) => {
    await using memory = inMemory([secretIn('kube-system', data)]);
    expect(await memory.ensure('team')).toMatchObject({
      error: {
        code: 'TOKEN_SOURCE_INCOMPLETE',
        detail: expect.stringMatching(/lacks client\.yaml: /) as string,
      },
    });
    expect(memory.api.get('team')).toBeUndefined();
  });

  it('B52: one that was made a moment ago, and was not told of yet, is found', async () => {
    await using memory = inMemory([]);
    memory.api.intercept = ({ verb }) => (verb === 'watch' ? failure(0, 'ECONNRESET') : undefined);
    await memory.ensure('other');
    memory.api.put(secretIn('kube-system', token('1')));
    expect((await memory.ensure('team')).ok).toBe(true);
  });

  it('B52: deleted to be replaced, a pod waits for the new one and gets it', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    const { promise: gone, resolve: end } = Promise.withResolvers<undefined>();
    memory.clock.sleep = (_: number, signal?: AbortSignal) => {
      signal?.addEventListener('abort', () => {
        end(undefined);
      });
      return gone;
    };
    memory.api.remove('kube-system');
    await vi.waitFor(async () => {
      expect(await memory.outcomes()).toMatchObject({ source_deleted: 1 });
    });
    const waiting = Promise.all([memory.ensure('team'), memory.ensure('other')]);
    memory.api.put(secretIn('kube-system', token('2')));
    expect((await waiting).every(({ ok }) => ok)).toBe(true);
    expect(memory.api.get('team')?.data).toEqual(token('2'));
    expect(memory.api.get('other')?.data).toEqual(token('2'));
  });

  it('B52: deleted for longer than a replacement takes, it is missing, and nobody waits any more', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    memory.api.remove('kube-system');
    await vi.waitFor(async () => {
      expect(await memory.ensure('team')).toMatchObject({ error: { code: 'TOKEN_SOURCE_MISSING' } });
    }, 10_000);
    expect(memory.clock.waits).toContain(5000);
    const waits = memory.clock.waits.length;
    expect((await memory.ensure('team')).ok).toBe(false);
    expect(memory.clock.waits).toHaveLength(waits);
  });

  it('B52: deleted, it is reported, and the copies stay', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    memory.api.remove('kube-system');
    await vi.waitFor(async () => {
      expect(await memory.outcomes()).toMatchObject({ source_deleted: 1 });
    });
    expect(memory.log.join('')).toMatch(/"level":"error".*token source is not there; copies stay/);
    expect(memory.api.get('team')?.data).toEqual(token('1'));
    memory.api.put(secretIn('kube-system', token('2')));
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.data).toEqual(token('2'));
    });
  });
});

describe('B52: whose secret it is', () => {
  it("B52: a user's own is never touched, also when the source changes", async () => {
    const own = secretIn('team', { password: 'eA==' });
    await using memory = inMemory([secretIn('kube-system', token('1')), own]);
    expect(await memory.ensure('team')).toMatchObject({
      error: { code: 'TOKEN_SECRET_FOREIGN', retryable: false },
    });
    memory.api.put(secretIn('kube-system', token('2')));
    await memory.ensure('team');
    expect(memory.api.get('team')?.data).toEqual(own.data);
    expect(memory.api.count('create') + memory.api.count('update')).toBe(0);
    memory.api.remove('team');
    expect((await memory.ensure('team')).ok).toBe(true);
  });

  it('B52: one without the label, with the data of the source, is adopted with all that it bears', async () => {
    const old = secretIn('team', token('1'), { labels: { app: 'x' }, annotations: { note: 'y' } });
    await using memory = inMemory([secretIn('kube-system', token('1')), old]);
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.metadata.labels).toEqual({ app: 'x', ...labelled.labels });
    });
    expect(memory.api.get('team')?.metadata.annotations).toMatchObject({ note: 'y' });
    memory.api.put(secretIn('kube-system', token('2')));
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.data).toEqual(token('2'));
    });
    expect(await memory.outcomes()).toEqual({ adopted: 1, updated: 1 });
  });
});

describe('B52: what changes by itself', () => {
  it('B52: a new token reaches every copy, with few writes at a time', { timeout: 15_000 }, async () => {
    const copies = Array.from({ length: 200 }, (_, i) =>
      secretIn(`team-${i}`, token('0'), ours(`team-${i}`)),
    );
    const api = new InMemorySecrets();
    let most = 0;
    let now = 0;
    api.intercept = async ({ verb }) => {
      if (verb !== 'update') return undefined;
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return undefined;
    };
    await using memory = inMemory([...copies, secretIn('kube-system', token('1'))], { api });
    await vi.waitFor(() => {
      for (const { metadata } of copies) expect(api.get(metadata.namespace)?.data).toEqual(token('1'));
    }, 10_000);
    expect(most).toBe(16);
    expect(await memory.outcomes()).toEqual({ updated: 200 });
  });

  it('B52: a label of the source alone writes no copy', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    memory.api.put(secretIn('kube-system', token('1'), { labels: { a: 'b' } }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(memory.api.count('update')).toBe(0);
    expect(memory.log.filter((line) => line.includes('token source taken'))).toHaveLength(1);
  });

  it('B52: a copy that was deleted or changed by hand is made again', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    memory.api.remove('team');
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.data).toEqual(token('1'));
    });
    memory.api.put(secretIn('team', { 'ca.crt': 'eA==' }, ours()));
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.data).toEqual(token('1'));
    });
  });

  it('B52: a namespace that is being deleted is left alone after one attempt', async () => {
    await using memory = inMemory();
    await memory.ensure('team');
    memory.api.intercept = ({ verb }) =>
      verb === 'create' ? failure(403, 'Forbidden', { causes: ['NamespaceTerminating'] }) : undefined;
    memory.api.remove('team');
    await vi.waitFor(async () => {
      expect(await memory.outcomes()).toMatchObject({ namespace_gone: 1 });
    });
    memory.api.put(secretIn('kube-system', token('2')));
    memory.api.bookmark();
    await memory.ensure('kube-system');
    expect(memory.api.count('create')).toBe(2);
  });

  it('nothing of the token gets into the log, a fault or a metric', async () => {
    const foreign = secretIn('own', { password: 'czNjcmV0' });
    await using memory = inMemory([secretIn('kube-system', token('1')), foreign]);
    const faults = [await memory.ensure('team'), await memory.ensure('own')];
    memory.api.remove('kube-system');
    faults.push(await memory.ensure('team'));
    const said = JSON.stringify([memory.log, faults, await memory.outcomes()]);
    for (const value of Object.values({ ...token('1'), ...foreign.data })) {
      expect(said).not.toContain(value);
      expect(said).not.toContain(Buffer.from(value, 'base64').toString());
    }
  });
});
