import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { StartFault } from '@bwki/daemon';
import { describe, expect, it } from 'vitest';

import { readPolicy } from '../src/policy/read-policy.ts';
import { gpuContainer, gpuPod, reviewOf } from './review.ts';
import { standalone, type Standalone } from './standalone.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { until } from './until.ts';

const limits = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-memory': '8000M' };
const byMemory = reviewOf(gpuPod('all', { ...gpuContainer, resources: { limits } }));

/** The units that a pod with 8000M gets; undefined where it is refused. */
async function units({ client, lines }: Standalone): Promise<unknown> {
  await client.review('/mutate', byMemory);
  const line = lines().findLast(({ msg }) => msg === 'admission');
  return line?.['outcome'] === 'mutated' ? line['units'] : undefined;
}

async function successful({ metrics }: Standalone): Promise<number | undefined> {
  return (await metrics.policyReloadSuccessful.get()).values[0]?.value;
}

describe('B56: the configuration', () => {
  it('B56: a changed file is in use without a restart; a broken one is refused with every fault', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'config.yaml');
    await writeFile(file, 'totalGpuMemory: 16000\n');
    await using ours = await standalone({ policy: { file }, pollMs: 20 });
    expect(await units(ours)).toBe(50);

    await writeFile(file, 'totalGpuMemory: 32000\n');
    await until(async () => (await units(ours)) === 25);

    await writeFile(file, 'totalGpuMemory: lots\nclientimage: x\nshell: []\n');
    await until(async () => (await successful(ours)) === 0);
    expect(await units(ours)).toBe(25);
    const refused = ours.lines().find(({ level }) => level === 'error');
    expect(refused).toMatchObject({ msg: 'configuration refused, the last good one stays' });
    expect(refused?.['faults']).toEqual([
      expect.stringMatching(/config\.yaml: totalGpuMemory: /),
      expect.stringMatching(/config\.yaml: shell: /),
      expect.stringMatching(/config\.yaml: .*clientimage/),
    ]);

    await rm(file);
    await until(() => ours.lines().some(({ faults }) => String(faults).includes('cannot be read (ENOENT)')));
    expect(await units(ours)).toBe(25);

    await writeFile(file, 'totalGpuMemory: 16000\n');
    await until(async () => (await successful(ours)) === 1);
    expect(await units(ours)).toBe(50);
    const { values } = await ours.metrics.policyReloads.get();
    expect(values.map(({ labels, value }) => [labels.outcome, value])).toEqual([
      ['loaded', 2],
      ['refused', 2],
    ]);
  });

  it('B56: a mounted ConfigMap, whose directory is swapped by a symbolic link', async () => {
    await using directory = await temporaryDirectory();
    const at = (...names: string[]): string => join(directory.path, ...names);
    const publish = async (version: string, text: string): Promise<void> => {
      await mkdir(at(version));
      await writeFile(at(version, 'config.yaml'), text);
      await symlink(version, at('..data_tmp'));
      await rename(at('..data_tmp'), at('..data'));
    };
    await publish('..1', 'totalGpuMemory: 16000');
    await symlink('..data/config.yaml', at('config.yaml'));
    await using ours = await standalone({ policy: { file: at('config.yaml') }, pollMs: 20 });
    expect(await units(ours)).toBe(50);
    await publish('..2', 'totalGpuMemory: 8000');
    await until(async () => (await units(ours)) === 100);
  });

  it('B56: a broken file at the start is a start that fails, with every fault', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'config.yaml');
    await writeFile(file, 'totalGpuMemory: -1\nimagePullPolicy: never\n');
    const start = standalone({ policy: { file } });
    await expect(start).rejects.toThrow(StartFault);
    await expect(start).rejects.toThrow(/totalGpuMemory.*\n.*imagePullPolicy/);
    const missing = standalone({ policy: { file: `${file}.not` } });
    await expect(missing).rejects.toThrow(/config\.yaml\.not: cannot be read \(ENOENT\)/);
  });

  it('B21: TOTAL_GPU_MEMORY goes before the file, and its own fault is said under its name', () => {
    const read = (totalGpuMemory: string) =>
      readPolicy('totalGpuMemory: 16000', { file: 'f', totalGpuMemory });
    const policy = read('8000');
    expect(policy.ok && policy.value.totalGpuMemory?.toString()).toBe('8G');
    const broken = read('8 GB');
    expect(broken.ok || broken.error).toEqual([expect.stringMatching(/^TOTAL_GPU_MEMORY: .*8 GB/)]);
  });

  it.each([
    ['', true],
    ['# nothing yet\n', true],
    ['{}', true],
    ['null', true],
    ['{"shell":["/bin/sh","-c"]}', true],
    ['shell: [/bin/sh, -c', /^f: .*line 1/],
    ['shell: [a]\nshell: [b]', /^f: .*unique/i],
    ['a\n---\nb', /one document/],
    ['[]', /f: .*expected/i],
    ['7', /f: .*expected/i],
    ['a: &a [*a, *a]', /f: /],
  ])('B56: a file that says %j', (text, answer) => {
    const policy = readPolicy(text, { file: 'f' });
    if (typeof answer === 'boolean') expect(policy.ok || policy.error).toBe(true);
    else expect(policy.ok || policy.error.join('\n')).toMatch(answer);
  });
});
