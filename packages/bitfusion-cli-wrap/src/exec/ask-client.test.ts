import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.ts';
import { StandInWorld } from '../../test/stand-in-world.ts';
import { standIn } from '../testing/index.ts';
import { health, listGpus } from './ask-client.ts';

const world = new StandInWorld();
const directory = mkdtempSync(join(tmpdir(), 'ask-client-'));
beforeAll(() => world.prepare());
afterAll(() => {
  world.remove();
  rmSync(directory, { recursive: true });
});

/** A client that prints a fixture, or a text, and exits. */
function client(
  stdout: string,
  { stderr = '', code = 0 } = {},
): { binary: string; env: Record<string, string> } {
  const binary = join(directory, 'client');
  writeFileSync(binary, '#!/bin/sh\nprintf %s "$OUT"; printf %s "$ERR" >&2; exit "$CODE"\n', { mode: 0o755 });
  return { binary, env: { OUT: stdout, ERR: stderr, CODE: String(code) } };
}

describe('listGpus', () => {
  it('§8: lists the stand-in’s pool', async () => {
    const list = await listGpus({ binary: standIn, env: world.env({ gpus: 3 }) });
    expect(list).toMatchObject({ ok: true, value: { servers: [{ gpus: { length: 3 } }] } });
  });

  it('§8: a failure says why', async () => {
    const list = await listGpus({ binary: standIn, env: world.env({ failure: 'unreachable' }) });
    expect(list).toMatchObject({ ok: false, error: { kind: 'failure', failure: { code: 'NO_SERVER' } } });
    const mixed = await listGpus(client(fixture('list-gpus/unreachable.txt'), { code: 1 }));
    expect(mixed).toMatchObject({ error: { kind: 'failure', failure: { code: 'NO_SERVER' } } });
  });

  it('§8: no output is an empty pool, another output is no answer', async () => {
    expect(await listGpus(client(''))).toMatchObject({ ok: true, value: { servers: [] } });
    expect(await listGpus(client('GPUs: 4\n'))).toMatchObject({
      error: { kind: 'unreadable', stdout: 'GPUs: 4\n' },
    });
  });

  it('§8: an exit code without a reason, a client that is not there', async () => {
    const list = await listGpus(client(fixture('list-gpus/4.0.1.txt'), { code: 2 }));
    expect(list).toMatchObject({ error: { kind: 'exit', code: 2 } });
    expect(await listGpus({ binary: join(directory, 'none') })).toMatchObject({
      error: { kind: 'not-found' },
    });
  });
});

describe('health', () => {
  it('§8: reads the stand-in’s report', async () => {
    const report = await health({ binary: standIn, env: world.env() });
    expect(report).toMatchObject({ ok: true, value: { machines: [{ server: '192.0.2.1:56001' }, {}] } });
  });

  it('§8: a report is one whatever the exit code', async () => {
    const report = await health(client(fixture('health/2.0.txt'), { code: 1 }));
    expect(report).toMatchObject({ ok: true, value: { machines: { length: 2 } } });
  });

  it('§8: no report', async () => {
    expect(await health(client('', { code: 3 }))).toMatchObject({ error: { kind: 'exit', code: 3 } });
    expect(await health(client(''))).toMatchObject({ error: { kind: 'unreadable' } });
  });
});
