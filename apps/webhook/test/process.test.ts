import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { madeCertificate } from './made-certificate.ts';
import { gpuPod, reviewOf } from './review.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { until } from './until.ts';
import { NotConnected, WebhookClient } from './webhook-client.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));

function start(args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(node, ['--conditions=@bwki/source', main, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The program to its end: its exit code and what it said. */
async function run(args: readonly string[], env?: Record<string, string>): Promise<[number, string, string]> {
  const child = start(args, env);
  if (!child.stdout || !child.stderr) throw new Error('no pipes');
  const output = Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number];
  const [out, error] = await output;
  return [code, out.toString(), error.toString()];
}

describe('the program', () => {
  it('B55: SIGTERM under load loses no request that was accepted, and ends with 0', async () => {
    await using directory = await temporaryDirectory();
    const certFile = join(directory.path, 'tls.crt');
    const keyFile = join(directory.path, 'tls.key');
    const { cert, key } = await madeCertificate('ours');
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
    const child = start(
      ['--host', '127.0.0.1', '--port', '0', '--healthPort', '0', '--tlsCertFile', certFile].concat([
        '--tlsKeyFile',
        keyFile,
        '--drainSeconds',
        '2',
      ]),
      { TOTAL_GPU_MEMORY: '16000' },
    );
    const log: string[] = [];
    child.stdout?.on('data', (data: Buffer) => log.push(data.toString()));
    while (!log.join('').includes('"listening"')) await sleep(20);
    const url = /"url":"([^"]+)"/.exec(log.join(''))?.[1] ?? '';

    using client = new WebhookClient({ url, caBundle: cert });
    const body = JSON.stringify(reviewOf(gpuPod()));
    const failures: string[] = [];
    let answered = 0;
    let isRefused = false;
    const work = async (): Promise<void> => {
      while (!isRefused) {
        try {
          const { status } = await client.send('/mutate?timeout=10s', body);
          if (status === 200) answered++;
          else failures.push(String(status));
        } catch (error) {
          // It was never accepted; an API server has gone to the other replica long before.
          if (error instanceof NotConnected) isRefused = true;
          else failures.push(String(error));
        }
      }
    };
    const workers = Array.from({ length: 32 }, work);
    await until(() => answered > 200);
    const before = answered;
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    await Promise.all(workers);
    expect(failures).toEqual([]);
    expect(code).toBe(0);
    expect(answered).toBeGreaterThan(before);
    // Each answer has its line, the last ones too.
    expect(log.join('').match(/"msg":"admission"/g)).toHaveLength(answered);
    expect(log.join('')).toMatch(/"msg":"closed"\}\n$/);
  });

  it('B56: a broken configuration at the start is exit code 1 with every fault on stderr', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'config.yaml');
    await writeFile(file, 'imagePullPolicy: never\nshell: []\n');
    const env = { TOTAL_GPU_MEMORY: 'lots' };
    const [code, out, error] = await run(
      ['--standalone', '--port', '0', '--healthPort', '0', '--config', file],
      env,
    );
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(error).toMatch(
      /^bwki-webhook: TOTAL_GPU_MEMORY: .*\n(bwki-webhook: .*config\.yaml: \w+: .*\n){2}$/,
    );
  });

  it('a port that is in use is exit code 1 with a line that names it', async () => {
    const args = ['--standalone', '--port', '18544', '--healthPort', '18544'];
    const [code, , error] = await run(args);
    expect(code).toBe(1);
    expect(error).toBe(
      'bwki-webhook: --port: 127.0.0.1:18544 is in use: stop what listens there, or choose another\n',
    );
  });

  it('wrong usage is exit code 2, help is 0', async () => {
    expect(await run([])).toEqual([2, '', expect.stringMatching(/no certificate/)]);
    expect(await run(['--help'])).toEqual([0, expect.stringMatching(/--standalone/), '']);
  });
});
