import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { bwki, injecting, podText } from './bwki.ts';
import { golden } from './golden.ts';

const examples = join(import.meta.dirname, '../../../examples');

describe('bwki explain', () => {
  it.each([
    ['pod-memory', 'B23: memory, and a chosen client'],
    ['pod-injection', 'B35: a command that stays, of several lines'],
    ['notebook', 'B35: no command of its own, another home'],
    ['shell-text', 'B31: text for a shell with args'],
    ['sidecar', 'B22: a sidecar beside a container'],
    ['pytorchjob', 'B45: two templates, of which one has replicas'],
    ['health-job', 'B4a: a container that only gets the client'],
    ['pod-filter', 'B3: filters'],
  ])('%s.yaml (%s)', async (name) => {
    const files = { [`${name}.yaml`]: await readFile(join(examples, `${name}.yaml`), 'utf8') };
    const args = ['explain', '-f', `${name}.yaml`, '--total-memory', '16000'];
    const { code, stdout, stderr } = await bwki(args, { files });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await expect(stdout).toMatchFileSnapshot(golden(`explain-${name}.txt`));
  });

  it('§8: the same for programs', async () => {
    const stdin = `${podText('a')}---\n${podText('b').replace('percent: 50', 'memory: 8000M')}`;
    const { stdout } = await bwki(['explain', '-f', '-', '-o', 'json', '--total-memory', '16000'], { stdin });
    await expect(stdout).toMatchFileSnapshot(golden('explain-json.txt'));
  });

  it.each([
    ['is no pod', 'kind: X\n', 'no pod, and nothing that makes pods\n'],
    [
      'asks for nothing',
      podText('a').replace(/ {6}resources:[^]*/, ''),
      /\n {2}asks for no Bitfusion GPU: left as it is\n$/,
    ],
  ])('B15: what %s', async (_, stdin, stdout) => {
    const called = await bwki(['explain', '-f', '-'], { stdin });
    expect(called.stdout).toMatch(stdout);
  });

  it('B44: what was injected before', async () => {
    const injected = await bwki([...injecting, '-f', '-'], { stdin: podText('a') });
    const { stdout } = await bwki(['explain', '-f', '-'], { stdin: injected.stdout });
    expect(stdout).toMatch(/\n {2}has been injected already, 50 units: left as it is\n$/);
  });

  it('§8: names cannot steer the terminal', async () => {
    const stdin = podText('"\\u001b]0;x\\u0007"').replace('train.py', '"\\u001b[2J", "\\u202E"');
    const { stdout } = await bwki(['explain', '-f', '-'], { stdin });
    expect(stdout).toContain('Pod \\u001b]0;x\\u0007');
    expect(stdout).toContain(String.raw`before  python $'\033[2J' $'\342\200\256'`);
  });

  it('§8: is coloured on a terminal', async () => {
    const { stdout } = await bwki(['explain', '-f', '-'], { stdin: podText('a'), isTTY: true });
    expect(stdout).toContain('\u001B[1mPod a\u001B[22m');
  });
});

describe('bwki validate', () => {
  it('§8: an ok line', async () => {
    const stdin = `${podText('a')}---\nkind: X\n---\n${podText('b')}`;
    expect(await bwki(['validate', '-f', '-'], { stdin })).toEqual({
      code: 0,
      stdout: 'ok: 2 objects with pods, no faults\n',
      stderr: '',
    });
  });

  const byHand = ['gpu-amount: 1', 'gpu-percent: 50'].reduce(
    (text, line, index) => text.replace(line, index === 0 ? 'gpu: 50' : 'other: 1'),
    podText('a').replace('bitfusion: all', 'bitfusion: none'),
  );

  it.each([
    ['a pod', byHand, 'spec.containers[0]'],
    [
      'a template',
      byHand
        .replace(/^apiVersion: v1\nkind: Pod\n/, '')
        .replaceAll(/^/gm, '    ')
        .replace(/^/, 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n'),
      'spec.template.spec.containers[0]',
    ],
  ])('B13: units by hand in %s are refused, which inject lets through', async (_, text, field) => {
    const stdin = text.replace(/^ *bitfusion.io\/other: 1\n/m, '');
    expect(await bwki([...injecting, '-f', '-'], { stdin })).toMatchObject({ code: 0, stdout: stdin });
    const { code, stdout, stderr } = await bwki(['validate', '-f', '-'], { stdin });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`${field}.resources.limits[bitfusion.io/gpu]: Forbidden`);
    expect(stderr).toMatch(/^<stdin>:\d+:\d+: .* \(VALIDATION_UNITS_BY_HAND\)\n$/);
  });

  it('B53: units that are not those of the wrap are refused', async () => {
    const injected = await bwki([...injecting, '-f', '-'], { stdin: podText('a') });
    const stdin = injected.stdout.replaceAll('gpu: "50"', 'gpu: "5"');
    const { code, stderr } = await bwki(['validate', '-f', '-'], { stdin });
    expect(code).toBe(1);
    expect(stderr).toContain('(VALIDATION_UNITS_DIFFER)');
  });
});
