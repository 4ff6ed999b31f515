import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { startFakeKubelet } from '@bwki/kubelet-dp/testing';
import { describe, expect, it } from 'vitest';

import { resourceName } from './running-plugin.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));

async function sockets(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith('bitfusion.'));
}

describe('the program', () => {
  it('B66, B67: takes the variables of the original; SIGTERM ends it in order', async () => {
    await using directory = await temporaryDirectory();
    await using kubelet = await startFakeKubelet({ directory: directory.path });
    const child = spawn(node, ['--conditions=@bwki/source', main], {
      env: {
        RESOURCE_NAME: resourceName,
        RESOURCE_NUMS: '200',
        SOCKET_NAME: 'bitfusion.sock',
        DEVICE_PLUGINS_DIRECTORY: directory.path,
        HEALTH_PORT: '0',
        HOST_ADDRESS: '127.0.0.1',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    await kubelet.waitForAllocatable(resourceName, 200, { withinMs: 20_000 });
    expect(await sockets(directory.path)).toHaveLength(1);
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(await sockets(directory.path)).toEqual([]);
    expect(out).toMatch(/"msg":"stopped"\}\n$/);
  });

  it.each([
    [
      { DEVICE_PLUGINS_DIRECTORY: '/nowhere' },
      /^bwki-device-plugin: .*\/nowhere.*\(DEVICE_DIRECTORY_MISSING\)\n$/,
    ],
    [
      { RESOURCE_NUMS: '200000' },
      /^bwki-device-plugin: .*200000.*165592 or less \(DEVICE_LIST_TOO_LARGE\)\n$/,
    ],
  ])('B67: what it cannot start with is one line, and exit code 1: %o', async (env, text) => {
    const child = spawn(node, ['--conditions=@bwki/source', main], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let error = '';
    child.stderr.on('data', (data: Buffer) => (error += data.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(error).toMatch(text);
  });
});
