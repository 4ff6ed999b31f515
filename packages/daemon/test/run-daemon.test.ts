import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('tried-daemon.ts', import.meta.url));
const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly messages: readonly string[];
  readonly stderr: string;
}

/** @param killAt the message of the log line at which the program is told to end */
async function run(args: readonly string[], killAt?: string): Promise<Ended> {
  const child = spawn(node, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let isKilled = false;
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    if (killAt === undefined || isKilled || !stdout.includes(`"msg":"${killAt}"`)) return;
    isKilled = true;
    child.kill('SIGTERM');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const messages = [...stdout.matchAll(/"msg":"([^"]*)"/g)].map(([, message = '']) => message);
  return { code, signal, messages, stderr };
}

describe('a daemon as a program', () => {
  it('B55: SIGTERM ends it in order, with its last log line written', async () => {
    expect(await run(['runs'], 'started')).toEqual({
      code: 0,
      signal: null,
      messages: ['starting', 'started', 'ended'],
      stderr: '',
    });
  });

  it('SIGTERM ends a start that waits', async () => {
    expect(await run(['waits'], 'starting')).toMatchObject({ code: 0, messages: ['starting'], stderr: '' });
  });

  it('a fault at the start is exit code 1, with every one on standard error', async () => {
    expect(await run(['refused'])).toMatchObject({
      code: 1,
      messages: ['starting'],
      stderr: 'tried: --port: in use\ntried: --file: missing\n',
    });
  });

  it('one that cannot go on ends in order with 1', async () => {
    expect(await run(['fails'])).toMatchObject({
      code: 1,
      messages: ['starting', 'started', 'ended'],
      stderr: 'tried: lost it\n',
    });
  });

  it('a bug keeps its stack, and the log its lines', async () => {
    const ended = await run(['bug']);
    expect(ended).toMatchObject({ code: 1, messages: ['starting'] });
    expect(ended.stderr).toMatch(/TypeError: a bug\n +at /);
  });

  it('wrong usage is 2, help is 0', async () => {
    expect(await run(['runs', '--logLevel', 'loud'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: --logLevel: /) as string,
    });
    expect(await run(['runs', '--help'])).toMatchObject({ code: 0, stderr: '' });
  });
});
