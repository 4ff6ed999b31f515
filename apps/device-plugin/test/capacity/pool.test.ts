import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  standIn,
  standInEnvironment,
  standInRoot,
  type StandInOptions,
} from '@bwki/bitfusion-cli-wrap/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { clientPool } from '../../src/capacity/pool.ts';

const never = new AbortController().signal;
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bwki-pool-'));
  await standInRoot({ root });
});
afterAll(() => rm(root, { recursive: true }));

const ask = (options: StandInOptions): ReturnType<ReturnType<typeof clientPool>> =>
  clientPool({
    binary: standIn,
    env: { PATH: '/usr/bin:/bin', HOME: '/root', ...standInEnvironment({ root, ...options }) },
  })(never);

describe('asking the pool by its client', () => {
  it('B66: counts the GPUs of list_gpus', async () => {
    expect(await ask({ gpus: 3 })).toEqual({ kind: 'gpus', gpus: 3 });
    expect(await ask({ gpus: 2, version: '2.5.0' })).toEqual({ kind: 'gpus', gpus: 2 });
  });

  it('B66: says why there is no answer, and what to do', async () => {
    expect(await ask({ failure: 'unreachable' })).toEqual({
      kind: 'unreachable',
      reason: 'the client gave up: none of the servers responded correctly to client id claim requests.',
    });
    expect(await ask({ failure: 'token-expired' })).toMatchObject({
      reason: expect.stringMatching(/^the client gave up: Token expired at: /) as string,
    });
    expect(await clientPool({ binary: join(root, 'none') })(never)).toEqual({
      kind: 'unreachable',
      reason: `there is no ${join(root, 'none')}: install the Bitfusion client, or name it with --client`,
    });
  });

  it('B66: a client that hangs is ended', async () => {
    const binary = join(root, 'slow');
    await writeFile(binary, '#!/bin/sh\nsleep 60\n', { mode: 0o755 });
    expect(await clientPool({ binary, timeout: 100, grace: 50 })(never)).toEqual({
      kind: 'unreachable',
      reason: 'no answer in 0.1 s: see that the servers can be reached, or give --clientTimeout',
    });
  });
});
