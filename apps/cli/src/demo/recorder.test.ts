import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { installRecorder, readRecord } from './recorder.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "bwki it's-"));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

it('§8: notes every argument exactly, whatever it holds', async () => {
  const record = join(root, 'record');
  await installRecorder(root, '/usr/bin/python', record);
  const argument = fc
    .string({ unit: 'binary', maxLength: 12 })
    .filter((text) => !/[\0\uD800-\uDFFF]/.test(text));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(argument, { maxLength: 5 }), { maxLength: 3 }), async (calls) => {
      await writeFile(record, '');
      for (const call of calls) spawnSync(join(root, 'usr/bin/python'), call);
      expect(await readRecord(record)).toEqual(calls.map((call) => ['/usr/bin/python', ...call]));
    }),
    { numRuns: 30 },
  );
});
