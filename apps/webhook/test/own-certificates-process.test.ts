import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { temporaryDirectory } from './temporary-directory.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));

/** Of a cluster whose API server is down. */
const kubeconfig = `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: 'https://127.0.0.1:1' } }]
users: [{ name: u, user: { token: t } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`;

describe('B54: the program with certificates of its own', () => {
  it('waits for an API server that is down, and ends with 0 when it is told to', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'kubeconfig');
    await writeFile(file, kubeconfig);
    const child = spawn(
      node,
      ['--conditions=@bwki/source', main, '--ownCertificates', '--kubeconfig', file].concat([
        '--port',
        '0',
        '--healthPort',
        '18545',
      ]),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let log = '';
    child.stdout.on('data', (data: Buffer) => (log += data.toString()));
    while (!log.includes('the API server is asked again')) await sleep(20);
    const health = async (path: string): Promise<[number, string]> => {
      const answer = await fetch(`http://127.0.0.1:18545${path}`);
      return [answer.status, await answer.text()];
    };
    expect(await health('/healthz')).toEqual([200, 'ok\n']);
    expect(await health('/readyz')).toEqual([503, 'there is no certificate yet\n']);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(log).toContain('ECONNREFUSED');
  });

  it('says what it lacks outside of a cluster, and ends with 1', async () => {
    const child = spawn(node, ['--conditions=@bwki/source', main, '--ownCertificates'], {
      env: {},
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = text(child.stderr);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(await said).toMatch(/no pod of a cluster, which --ownCertificates.* need: give --kubeconfig/);
  });
});
