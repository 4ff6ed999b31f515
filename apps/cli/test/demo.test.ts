import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

import { bwki, type Called, type World } from './bwki.ts';
import { golden } from './golden.ts';

const examples = join(import.meta.dirname, '../../../examples');
const names = (await readdir(examples)).filter((name) => name.endsWith('.yaml')).sort();

/** The examples are real files, whatever the test's world holds. */
async function demo(world: World = {}): Promise<Called> {
  const texts = names.map(
    async (name) => [join(examples, name), await readFile(join(examples, name))] as const,
  );
  return bwki(['demo'], { files: Object.fromEntries(await Promise.all(texts)), ...world });
}

describe('bwki demo', () => {
  let called: Called = { code: 1, stdout: '', stderr: '' };
  beforeAll(async () => {
    called = await demo({ env: { TOTAL_GPU_MEMORY: '1' } });
  }, 60_000);

  it('§8: every program of every example gets the arguments that it would have had', async () => {
    const { code, stdout, stderr } = called;
    expect(stdout).not.toContain('DIFFERS');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, end = ''] = stdout.split(/^(?=EXAMPLE)/m);
    const timeless = end
      .replace(/within [\d.]+ ms/, 'within N ms')
      .replace(/again in \d+ ms/, 'again in N ms');
    await expect(timeless).toMatchFileSnapshot(golden('demo-table.txt'));
  });

  it('§8: has a row for each example', () => {
    const [, end = ''] = called.stdout.split(/^(?=EXAMPLE)/m);
    expect([...end.matchAll(/^(\S+\.yaml) /gm)].map(([, name]) => name)).toEqual(names);
  });

  it('§8: sends every pod of every example to the webhook, whose patches are the library’s', () => {
    const posted = called.stdout.match(/POST \/mutate: same patch, \d+ operations, \d+ bytes, [\d.]+ ms/g);
    const templates = called.stdout.match(/POST \/mutate/g);
    expect(posted?.length).toBe(templates?.length);
    expect(posted?.length).toBeGreaterThanOrEqual(names.length);
  });

  it('§8: a fault in an example ends it before anything is run', async () => {
    const [first = ''] = names;
    const { code, stdout, stderr } = await demo({ files: { [join(examples, first)]: 'a: [' } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`examples/${first}:1:`);
  });

  it('§8: an interrupt ends it', async () => {
    const { code, stdout } = await demo({ signal: AbortSignal.abort() });
    expect(code).toBe(1);
    expect(stdout).not.toContain('same argv');
  });
});
