import { describe, expect, it, vi } from 'vitest';

import { CopyMarkKey } from '../../src/token/copy-mark-key.ts';
import { copyMarkAnnotation, copyMarkPattern } from '../../src/token/copy-marks.ts';
import {
  inMemory,
  key,
  labelled,
  ours,
  secretIn,
  SteppedClock,
  token,
  type InMemory,
} from './token-copies-in-memory.ts';

const source = secretIn('kube-system', token('1'));
const gpuTeams = { matchLabels: { gpus: 'bitfusion' } };
const labels = { gpus: 'bitfusion' };

/** Long enough for all that happens by itself, in turns of the event loop. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function until(memory: InMemory, namespace: string, version: string): Promise<void> {
  await vi.waitFor(() => {
    expect(memory.api.get(namespace)?.data).toEqual(token(version));
  });
}

describe('B72: what bears the label but not the mark', () => {
  it.each([
    ['an empty one', undefined],
    ['one with other data', { 'ca.crt': 'eA==' }],
  ])('B72: %s is never filled, and a pod that needs it reads why', async (_, data) => {
    await using memory = inMemory([source]);
    await memory.ensure('other');
    memory.api.put(secretIn('team', data, labelled));
    memory.api.put(secretIn('kube-system', token('2')));
    await until(memory, 'other', '2');
    await settle();
    expect(await memory.ensure('team')).toMatchObject({
      error: {
        code: 'TOKEN_SECRET_FOREIGN',
        retryable: false,
        detail: expect.stringMatching(
          /has the label of one, but not the mark .*`kubectl delete secret/,
        ) as string,
      },
    });
    expect(memory.api.get('team')?.data).toEqual(data);
  });

  it.each([
    ['of another namespace', ours('other').annotations?.[copyMarkAnnotation] ?? ''],
    ['of another name', ours('team', 'other').annotations?.[copyMarkAnnotation] ?? ''],
    ['that is none', 'x'],
    ['that is empty', ''],
  ])('B72: one with a mark %s is not filled either', async (_, mark) => {
    await using memory = inMemory([source]);
    memory.api.put(secretIn('team', {}, { ...labelled, annotations: { [copyMarkAnnotation]: mark } }));
    expect(await memory.ensure('team')).toMatchObject({ error: { code: 'TOKEN_SECRET_FOREIGN' } });
  });

  it('B72: one that was deleted and made again without the mark is not filled', async () => {
    await using memory = inMemory([source]);
    await memory.ensure('team');
    memory.api.remove('team');
    memory.api.put(secretIn('team', {}, labelled));
    await settle();
    expect(memory.api.get('team')?.data).toEqual({});
  });

  it("B72: a copy of a version before the mark, with the source's data, is adopted at the start", async () => {
    const old = Array.from({ length: 40 }, (_, i) => secretIn(`team-${i}`, token('1'), labelled));
    await using memory = inMemory([source, ...old]);
    await vi.waitFor(async () => {
      expect(await memory.outcomes()).toEqual({ adopted: 40 });
    });
    const mark = memory.api.get('team-7')?.metadata.annotations?.[copyMarkAnnotation];
    expect(mark).toBe(ours('team-7').annotations?.[copyMarkAnnotation]);
    expect(mark).toMatch(new RegExp(copyMarkPattern));
    expect((await memory.ensure('team-7')).ok).toBe(true);
    memory.api.put(secretIn('kube-system', token('2')));
    await until(memory, 'team-7', '2');
  });

  it('B72: another key makes all copies adopted again', async () => {
    await using memory = inMemory([source]);
    await memory.ensure('team');
    const other = new CopyMarkKey();
    other.set(Buffer.alloc(32, 9));
    memory.markKey.set(Buffer.alloc(32, 9));
    await vi.waitFor(() => {
      expect(memory.api.get('team')?.metadata.annotations?.[copyMarkAnnotation]).toBe(
        other.markOf({ namespace: 'team', name: 'bitfusion-secret' }),
      );
    });
    expect(key).not.toEqual(other.key);
  });
});

describe('B72: namespaces that are not served', () => {
  it('B72: get no copy, no update and no adoption, and what was there stays', async () => {
    const secrets = [
      source,
      secretIn('marked', token('0'), ours('marked')),
      secretIn('labelled', token('1'), labelled),
      secretIn('plain', token('1')),
      secretIn('served', token('0'), ours('served')),
    ];
    await using memory = inMemory(secrets, { namespaceSelector: gpuTeams });
    memory.namespaces.put('served', labels);
    await until(memory, 'served', '1');
    await settle();
    for (const name of ['marked', 'labelled', 'plain']) {
      expect(memory.api.get(name)?.metadata.resourceVersion).toBe(
        String(secrets.findIndex(({ metadata }) => metadata.namespace === name) + 2),
      );
    }
    expect(await memory.ensure('marked')).toMatchObject({ error: { code: 'TOKEN_NAMESPACE_UNSERVED' } });
    memory.namespaces.missing.add('never-was');
    expect(await memory.ensure('never-was')).toMatchObject({ error: { code: 'TOKEN_NAMESPACE_GONE' } });
    expect(await memory.ensure('..')).toMatchObject({ error: { code: 'TOKEN_NAMESPACE_GONE' } });
    expect(memory.api.count('create')).toBe(0);
  });

  it('B72: a copy follows its source again once its namespace is served', async () => {
    const secrets = [source, secretIn('team', token('0'), ours())];
    await using memory = inMemory(secrets, { namespaceSelector: gpuTeams });
    await settle();
    expect(memory.api.get('team')?.data).toEqual(token('0'));
    memory.namespaces.put('team', labels);
    await until(memory, 'team', '1');
    memory.namespaces.put('team');
    await vi.waitFor(() => {
      expect(memory.watched.isServed('team')).toBe(false);
    });
    memory.api.remove('team');
    await settle();
    expect(memory.api.get('team')).toBeUndefined();
  });
});

describe('B72: a secret that somebody keeps changing', () => {
  it('B72: is restored at once the first time, then once a minute, and the log has no more lines', async () => {
    const clock = new SteppedClock();
    await using memory = inMemory([source], { clock });
    await memory.ensure('team');
    const writes = (): number => memory.api.count('create') + memory.api.count('update');
    const change = async (i: number): Promise<void> => {
      if (i % 3 === 0) memory.api.remove('team');
      else memory.api.put(secretIn('team', { i: String(i) }, i % 3 === 1 ? ours() : {}));
      await settle();
    };
    memory.api.put(secretIn('team', { changed: 'eA==' }, ours()));
    await until(memory, 'team', '1');
    await settle();
    expect(writes()).toBe(2);
    for (let i = 0; i < 300; i += 1) {
      if (memory.api.get('team') === undefined) memory.api.put(secretIn('team', {}, ours()));
      await change(i);
      await clock.pass(1000);
    }
    expect(writes()).toBeGreaterThanOrEqual(4);
    expect(writes()).toBeLessThanOrEqual(2 + 5);
    expect(memory.log.length).toBeLessThan(30);
    memory.api.put(secretIn('team', { last: 'eA==' }, ours()));
    await settle();
    await clock.pass(60_000);
    await until(memory, 'team', '1');
  }, 20_000);

  it('B72: whose mark somebody keeps taking away costs no more', async () => {
    const clock = new SteppedClock();
    await using memory = inMemory([source], { clock });
    await memory.ensure('team');
    for (let i = 0; i < 100; i += 1) {
      memory.api.put(secretIn('team', token('1'), labelled));
      await settle();
    }
    expect(memory.api.count('update')).toBe(1);
    const lines = memory.log.filter((line) => line.includes('TOKEN_COPY_CONTESTED'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"level":"warn".*--show-managed-fields.*token copy restored later/);
    expect(await memory.outcomes()).toMatchObject({ adopted: 1, contested: 1 });
  });

  it('B72: costs no more where each write loses its race', async () => {
    const clock = new SteppedClock();
    await using memory = inMemory([source], { clock });
    await memory.ensure('team');
    memory.api.intercept = ({ verb }) => {
      // An end, so that a webhook without a limit fails here instead of going on for ever.
      if (memory.api.count('update') > 100) return undefined;
      if (verb === 'update') memory.api.put(secretIn('team', { again: 'eA==' }, ours()));
      return undefined;
    };
    memory.api.put(secretIn('team', { first: 'eA==' }, ours()));
    for (let i = 0; i < 50; i += 1) await settle();
    expect(memory.api.count('update')).toBe(1);
    await clock.pass(60_000);
    await settle();
    expect(memory.api.count('update')).toBe(2);
  });

  it('B72: repairs by another replica count', async () => {
    const clock = new SteppedClock();
    await using memory = inMemory([source], { clock });
    await memory.ensure('team');
    memory.api.intercept = ({ verb }) => {
      // The other one is faster.
      if (verb === 'update') memory.api.put(secretIn('team', token('1'), ours()));
      return undefined;
    };
    memory.api.put(secretIn('team', {}, ours()));
    await until(memory, 'team', '1');
    await settle();
    memory.api.put(secretIn('team', {}, ours()));
    await settle();
    expect(memory.api.count('update')).toBe(1);
  });

  it('B72: a new token reaches it at once all the same, and so does a pod that needs it', async () => {
    const clock = new SteppedClock();
    await using memory = inMemory([source], { clock });
    await memory.ensure('team');
    for (const i of [1, 2]) {
      memory.api.put(secretIn('team', { i: String(i) }, ours()));
      await settle();
    }
    expect(memory.api.get('team')?.data).toEqual({ i: '2' });
    expect((await memory.ensure('team')).ok).toBe(true);
    expect(memory.api.get('team')?.data).toEqual(token('1'));
    memory.api.put(secretIn('team', { i: '3' }, ours()));
    await settle();
    memory.api.put(secretIn('kube-system', token('2')));
    await until(memory, 'team', '2');
  });
});

describe('B72: the key', () => {
  it('B72: as long as it is not known, no copy is written, and who needs one waits', async () => {
    await using memory = inMemory([source], { markKey: new CopyMarkKey() });
    const waiting = memory.ensure('team');
    await settle();
    expect(memory.api.count('create')).toBe(0);
    memory.markKey.set(key);
    expect((await waiting).ok).toBe(true);
  });
});
