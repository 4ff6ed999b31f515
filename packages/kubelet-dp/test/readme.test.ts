import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { devicePluginErrorCodes } from '../src/index.ts';
import { openWorld, resourceName } from './support/world.ts';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const example = readFileSync(join(root, 'examples/fuse.ts'), 'utf8');

describe('the example of the README', () => {
  it('is the one that is compiled and run, in at most 40 lines', () => {
    const [, shown] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? [];
    expect(shown).toBe(example.replace("'../src/index.ts'", "'@bwki/kubelet-dp'"));
    expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
  });

  it('B61: is a plugin that a kubelet takes, and that leaves at SIGTERM', async () => {
    await using world = openWorld();
    const kubelet = await world.kubelet();
    const args = ['-C', '@bwki/source', join(root, 'examples/fuse.ts'), world.directory];
    const plugin = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let output = '';
      plugin.stdout.on('data', (text: Buffer) => (output += text.toString()));
      await kubelet.waitForAllocatable(resourceName, 10, { withinMs: 20_000 });
      const { container } = await kubelet.allocate(resourceName, 1);
      expect(container.devices).toEqual([
        { hostPath: '/dev/fuse', containerPath: '/dev/fuse', permissions: 'rw' },
      ]);
      plugin.kill('SIGTERM');
      expect(await once(plugin, 'exit')).toEqual([0, null]);
      await kubelet.waitForAllocatable(resourceName, 0);
      expect(output.trimEnd().split('\n').at(-1)).toBe('{"kind":"stopped"}');
    } finally {
      plugin.kill('SIGKILL');
    }
  });
});

it('every code has its line', () => {
  for (const line of Object.values(devicePluginErrorCodes)) expect(line).toMatch(/^[A-Z].*\.$/);
});
