import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { podText } from './bwki.ts';

const app = join(import.meta.dirname, '..');
/** The Node that the project pins, which may be another one than runs these tests. */
const node = join(app, '../../node_modules/.bin/node');

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bwki-main-'));
  await writeFile(join(directory, 'pod.yaml'), podText('a'));
  await writeFile(
    join(directory, 'big.yaml'),
    Array.from({ length: 2000 }, () => podText('a')).join('---\n'),
  );
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `shell` is a pipeline in which `$BWKI` is the command. */
function bwki(shell: string, env: Readonly<Record<string, string>> = {}, stdin = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--norc', '-o', 'pipefail', '-c', shell], {
      cwd: directory,
      env: {
        PATH: process.env['PATH'] ?? '',
        BWKI: `${node} --conditions=@bwki/source ${join(app, 'src/main.ts')}`,
        TMPDIR: directory,
        ...env,
      },
    });
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
    }
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, ...written });
    });
    child.stdin.end(stdin);
  });
}

describe('the process', () => {
  it('§8: reads a file, writes stdout, ends with 0', async () => {
    const { code, stdout, stderr } = await bwki('$BWKI inject --client-image i -f pod.yaml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('bitfusion.io/gpu: "50"');
  });

  it('§8: reads standard input', async () => {
    expect(await bwki('$BWKI inject -f -', {}, 'kind: X # as it is\n')).toMatchObject({
      code: 0,
      stdout: 'kind: X # as it is\n',
    });
  });

  it('§8: 1 is the fault of the input, 2 of the call', async () => {
    expect(await bwki('$BWKI inject -f .')).toEqual({
      code: 1,
      stdout: '',
      stderr: '.: is a directory: name the files in it (INPUT_UNREADABLE)\n',
    });
    expect(await bwki('$BWKI inject --client-image i -f pod.yaml', { TOTAL_GPU_MEMORY: 'x' })).toMatchObject({
      code: 2,
      stdout: '',
    });
  });

  it('§8: a reader that has read enough is no error', async () => {
    expect(await bwki('$BWKI inject --client-image i -f big.yaml | head -n 1')).toEqual({
      code: 0,
      stdout: 'apiVersion: v1\n',
      stderr: '',
    });
  });

  it('§8: the version is the package’s', async () => {
    expect((await bwki('$BWKI --version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('§8: the demo works without anything in the environment, and leaves nothing behind', async () => {
    const before = await readdir(directory);
    const { code, stderr } = await bwki('$BWKI demo > /dev/null');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(await readdir(directory)).toEqual(before);
  }, 120_000);

  it('§8: an interrupted demo ends as shells expect, and leaves nothing behind', async () => {
    const before = await readdir(directory);
    const args = ['--conditions=@bwki/source', join(app, 'src/main.ts'), 'demo'];
    const child = spawn(node, args, { env: { PATH: '/usr/bin:/bin', TMPDIR: directory } });
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdout.resume();
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(130);
    expect(await readdir(directory)).toEqual(before);
  });
});
