import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const packages = [
  'plain-data',
  'quota-calc',
  'bitfusion-cli-wrap',
  'spec-parser',
  'pod-mutator',
  'timing',
  'kubelet-dp',
];

/** What a stranger's project would import, each use compiled with all checks on and then run. */
const consumer = `
import { unitsOf, Quantity } from '@bwki/quota-calc';
import { readClientUse } from '@bwki/bitfusion-cli-wrap';
import { runClient } from '@bwki/bitfusion-cli-wrap/exec';
import { parsePod, defaultCatalog } from '@bwki/spec-parser';
import { createPolicy, mutatePod } from '@bwki/pod-mutator';
import { DeviceStore, serveDevicePlugin } from '@bwki/kubelet-dp';
import { listenOnUnixSocket } from '@bwki/kubelet-dp/authority';
import { startFakeKubelet } from '@bwki/kubelet-dp/testing';
import type { Pod } from 'kubernetes-types/core/v1.js';

async function servedBy(directory: string): Promise<number | undefined> {
  await using kubelet = await startFakeKubelet({ directory });
  const devices = new DeviceStore([{ id: 'a', health: 'Healthy' }]);
  const resourceName = 'example.com/fuse';
  await using plugin = await serveDevicePlugin(
    { resourceName, devices: () => devices, allocate: () => ({}) },
    { directory: kubelet.directory },
  );
  await kubelet.waitForAllocatable(resourceName, 1);
  return plugin.ended instanceof Promise ? kubelet.capacity(resourceName) : undefined;
}

const limits = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' };
const pod: Pod = {
  metadata: { annotations: { 'auto-management/bitfusion': 'all' } },
  spec: { containers: [{ name: 'train', image: 'x', command: ['python', 'train.py'], resources: { limits } }] },
};
const policy = createPolicy();
if (!policy.ok) throw new Error(policy.error[0]?.detail);
const result = mutatePod(pod, policy.value);
if (!result.ok) throw new Error(result.error[0]?.detail);
const mutated: Pod = result.value.mutatedPod();
const units = unitsOf({ amount: 1n, share: { kind: 'whole' } }, undefined);
console.log(JSON.stringify({
  command: mutated.spec?.containers[0]?.command,
  units: units.ok && Number(units.value),
  quantity: Quantity.fromInteger(5n).toString(),
  client: readClientUse({ command: ['bitfusion', 'health'] })?.calls.length,
  asked: parsePod(pod, { catalog: defaultCatalog, totalMemory: undefined }).request?.containers.length,
  exec: typeof runClient,
  plugin: await servedBy(process.argv[2] ?? ''),
  listen: typeof listenOnUnixSocket,
}));
`;

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'bwki-consumer-'));
  mkdirSync(join(project, 'node_modules/@bwki'), { recursive: true });
  for (const name of packages) {
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', project], {
      cwd: join(root, 'packages', name),
      encoding: 'utf8',
    });
    const directory = join(project, 'node_modules/@bwki', name);
    mkdirSync(directory);
    execFileSync('tar', ['-xzf', join(project, packed.trim()), '-C', directory, '--strip-components=1']);
  }
  const installed = ['zod', 'yaml', 'unbash', 'kubernetes-types', '@types/node', 'undici-types'];
  for (const name of [...installed, '@grpc/grpc-js', '@bufbuild/protobuf', 'hpack.js']) {
    const target = join(project, 'node_modules', name);
    mkdirSync(join(target, '..'), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), target);
  }
  cpSync(join(root, 'tools/test/consumer.tsconfig.json'), join(project, 'tsconfig.json'));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'main.ts'), consumer);
}, 120_000);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

describe('§2: the packages as npm would publish them', () => {
  it('compile in a project of their own, with its checks on their declarations too', () => {
    execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], { cwd: project, stdio: 'pipe' });
  }, 120_000);

  it('run in a project of their own, without the sources', () => {
    const output = execFileSync('node', [join(project, 'main.ts'), join(project, 'plugins')], {
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual({
      command: ['/usr/local/bin/bitfusion', 'run', '-n', '1', '-p', '0.5', '--', 'python', 'train.py'],
      units: 100,
      quantity: '5',
      client: 1,
      asked: 1,
      exec: 'function',
      plugin: 1,
      listen: 'function',
    });
  });

  it.each(packages)('%s holds its licence, its README and no test', (name) => {
    const directory = join(project, 'node_modules/@bwki', name);
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
    expect(files).toContain('README.md');
    expect(files.filter((file) => /\.test\.|fixtures|tsbuildinfo/.test(file))).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as { license: string };
    expect(manifest.license).toBe('Apache-2.0');
  });
});
