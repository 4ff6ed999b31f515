import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPatch, parsePatch } from 'diff';
import jsonPatch from 'fast-json-patch';
import { parseAllDocuments } from 'yaml';

import { bwki, injecting, podText } from './bwki.ts';

const examples = join(import.meta.dirname, '../../../examples');
const names = (await readdir(examples)).filter((name) => name.endsWith('.yaml'));

const other = [
  '# What is no pod stays: comments, order, quotes, blank lines.',
  'apiVersion: v1',
  'kind: ConfigMap',
  "metadata: {'name':   settings}",
  '',
  'data:',
  '  b: "1"   # b before a',
  '  a: |',
  '     text',
  '',
].join('\n');

describe('text that is not touched', () => {
  it.each([
    ['a document of another kind', other],
    ['no line break at the end', other.trimEnd()],
    ['CR LF', other.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${other}`],
    [
      'several documents, directives, document ends',
      `%YAML 1.1\n---\n${other}...\n# between\n---\n---\n${other}---\n`,
    ],
    ['CR LF in a block text and a comment', 'a: |\r\n  x\r\n# b\r\n'],
    ['JSON', '{"apiVersion":"v1",\n "kind":"ConfigMap",\t"data":{"a":1.0,"b":1e2}}'],
    ['a tag that nobody knows', 'kind: Secret\ndata: !vault abc\n'],
    ['a mapping without a kind', 'a: 1\n'],
    ['a pod without a request', podText('x').replace(/ {6}resources:[^]*/, '')],
    ['a pod whose mode is none', podText('x').replace('bitfusion: all', 'bitfusion: none')],
    ['a List of other kinds', 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service}\n- 7\n'],
    ['a List without items', 'apiVersion: v1\nkind: List\nitems: 3\n'],
  ])('B45: %s is the same, byte for byte', async (_, text) => {
    const { code, stdout } = await bwki([...injecting, '-f', '-'], { stdin: text });
    expect({ code, stdout }).toEqual({ code: 0, stdout: text });
  });

  it('B45: only what changed in a pod differs, in a file of 3,000 lines', async () => {
    const documents = Array.from({ length: 120 }, (_, index) =>
      index % 40 === 7
        ? `# pod ${index}\n${podText(`pod-${index}`)}`
        : other.replace('settings', `s-${index}`),
    );
    const filler = Array.from(
      { length: 1800 },
      (_, index) => `  key-${index}: "${index}"  # ${index}\n`,
    ).join('');
    const text = `${documents.join('---\n')}---\napiVersion: v1\nkind: ConfigMap\ndata:\n${filler}`;
    expect(text.split('\n').length).toBeGreaterThan(3000);
    const { stdout } = await bwki([...injecting, '-f', 'big.yaml', '-o', 'diff'], {
      files: { 'big.yaml': text },
    });
    const [patch] = parsePatch(stdout);
    const gone = patch?.hunks.flatMap(({ lines }) => lines.filter((line) => line.startsWith('-')));
    expect(gone).toHaveLength(3 * 3);
    expect(new Set(gone)).toEqual(
      new Set([
        '-      command: [python, train.py]',
        '-          bitfusion.io/gpu-amount: 1',
        '-          bitfusion.io/gpu-percent: 50',
      ]),
    );
    const injected = await bwki([...injecting, '-f', 'big.yaml'], { files: { 'big.yaml': text } });
    expect(applyPatch(text, stdout)).toBe(injected.stdout);
  });
});

it('§8: a diff takes no longer than its text is long', async () => {
  const text = Array.from({ length: 300 }, (_, index) => podText(`pod-${index}`)).join('---\n');
  const { stdout } = await bwki([...injecting, '-f', 'x', '-o', 'diff'], { files: { x: text } });
  expect(parsePatch(stdout)[0]?.hunks.length).toBeGreaterThanOrEqual(300);
  // Comparing the texts line by line would take minutes.
}, 20_000);

describe('kinds', () => {
  const template = { metadata: { annotations: { 'auto-management/bitfusion': 'all' } }, spec: podSpec() };
  it.each([
    ['apps/v1', 'Deployment', { template }],
    ['apps/v1', 'StatefulSet', { template }],
    ['apps/v1', 'DaemonSet', { template }],
    ['apps/v1', 'ReplicaSet', { template }],
    ['batch/v1', 'Job', { template }],
    ['batch/v1', 'CronJob', { jobTemplate: { spec: { template } } }],
    ['kubeflow.org/v1', 'PyTorchJob', { pytorchReplicaSpecs: { Worker: { template } } }],
    ['kubeflow.org/v1', 'TFJob', { tfReplicaSpecs: { Worker: { template } } }],
    ['kubeflow.org/v2beta1', 'MPIJob', { mpiReplicaSpecs: { Launcher: { template } } }],
  ])('B45: %s %s', async (apiVersion, kind, spec) => {
    const stdin = JSON.stringify({ apiVersion, kind, metadata: { name: 'x' }, spec });
    const { code, stdout } = await bwki([...injecting, '-f', '-'], { stdin });
    expect(code).toBe(0);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('"bitfusion.io/gpu":"50"');
  });

  it('B45: pods in Lists, and in Lists of Lists', async () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: template.metadata, spec: podSpec() };
    const list = (items: unknown[]): unknown => ({ apiVersion: 'v1', kind: 'List', items });
    const stdin = JSON.stringify(list([pod, list([{ kind: 'X' }, pod])]));
    const { stdout } = await bwki([...injecting, '-f', '-', '-o', 'patch'], { stdin });
    const paths = (JSON.parse(stdout) as { path: string }[]).map(({ path }) => path.split('/spec')[0]);
    expect(new Set(paths)).toEqual(
      new Set([
        '/items/0',
        '/items/0/metadata/annotations/auto-management~1status',
        '/items/1/items/1',
        '/items/1/items/1/metadata/annotations/auto-management~1status',
      ]),
    );
  });

  function podSpec(): unknown {
    return {
      containers: [
        {
          name: 'main',
          command: ['python'],
          resources: { limits: { 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-percent': '50' } },
        },
      ],
    };
  }
});

describe('formats', () => {
  it.each(names)('§8: all of them say the same of %s', async (name) => {
    const files = { [name]: await readFile(join(examples, name), 'utf8') };
    const call = async (format: string) =>
      (await bwki([...injecting, '-f', name, '-o', format, '--total-memory', '16000'], { files })).stdout;
    const yaml = await call('yaml');
    const before = values(files[name] ?? '');
    const objects = JSON.parse(await call('json')) as { items: unknown[] };
    expect(values(yaml)).toEqual(before.length === 1 ? [objects] : objects.items);
    expect(applyPatch(files[name] ?? '', await call('diff'))).toBe(yaml);
    const patch: unknown = JSON.parse(await call('patch'));
    const patches =
      before.length === 1
        ? [patch as jsonPatch.Operation[]]
        : (patch as { patch: jsonPatch.Operation[] }[]).map((entry) => entry.patch);
    expect(before.map((value, index) => applied(value, patches[index] ?? []))).toEqual(values(yaml));
  });

  it.each(names)('B44: a second injection changes nothing in %s', async (name) => {
    const args = [...injecting, '-f', '-', '--total-memory', '16000'];
    const once = await bwki(args, { stdin: await readFile(join(examples, name), 'utf8') });
    const twice = await bwki(args, { stdin: once.stdout });
    expect(twice.stdout).toBe(once.stdout);
  });

  it('§8: files are joined by ---, and a directive follows a document end', async () => {
    const files = { a: 'a: 1', b: '# b\n---\nb: 1\n', c: '\uFEFFc: 1\n', d: '%YAML 1.1\n---\nd: 1\n' };
    const { stdout } = await bwki([...injecting, '-f', 'a', '-f', 'b', '-f', 'c', '-f', 'd'], { files });
    expect(stdout).toBe('a: 1\n# b\n---\nb: 1\n---\nc: 1\n...\n%YAML 1.1\n---\nd: 1\n');
  });

  it('§8: several objects are one List in JSON, and are named in patches', async () => {
    const stdin = `${podText('a')}---\nkind: X\n---\n`;
    const list = await bwki([...injecting, '-f', '-', '-o', 'json'], { stdin });
    expect(JSON.parse(list.stdout)).toMatchObject({ kind: 'List', items: [{ kind: 'Pod' }, { kind: 'X' }] });
    const patches = await bwki([...injecting, '-f', '-', '-o', 'patch'], { stdin });
    expect(JSON.parse(patches.stdout)).toMatchObject([
      { file: '<stdin>', document: 1, kind: 'Pod', name: 'a' },
      { document: 2, kind: 'X', patch: [] },
    ]);
  });

  it('§8: a number that JSON cannot say is a fault of -o json only', async () => {
    const stdin = 'a: 9007199254740993\nb: .inf\nc: 1e300\nd: 0x1f\n';
    expect(await bwki([...injecting, '-f', '-'], { stdin })).toMatchObject({ code: 0, stdout: stdin });
    const { code, stdout, stderr } = await bwki([...injecting, '-f', '-', '-o', 'json'], { stdin });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.match(/^<stdin>:\d+:\d+/gm)).toEqual(['<stdin>:1:4', '<stdin>:2:4']);
  });

  it('§8: a diff is coloured on a terminal, unless NO_COLOR or TERM=dumb is set', async () => {
    const args = [...injecting, '-f', '-', '-o', 'diff'];
    const stdin = podText('a');
    const { stdout } = await bwki(args, { stdin, isTTY: true });
    expect(stdout).toContain('\u001B[32m+');
    const plain = (await bwki(args, { stdin })).stdout;
    expect(plain).not.toContain('\u001B');
    expect((await bwki(args, { stdin, isTTY: true, env: { NO_COLOR: '1' } })).stdout).toBe(plain);
    expect((await bwki(args, { stdin, isTTY: true, env: { TERM: 'dumb' } })).stdout).toBe(plain);
  });

  it('B16: a warning goes to stderr with its place, and stdout stays clean', async () => {
    const stdin = podText('a').replace('bitfusion: all', "bitfusion: 'no'");
    const { code, stdout, stderr } = await bwki([...injecting, '-f', '-'], { stdin });
    expect({ code, stdout }).toEqual({ code: 0, stdout: stdin });
    expect(stderr).toMatch(/^<stdin>:\d+:\d+: warning: .* \(SPEC_NOT_MANAGED\)\n$/);
  });
});

function values(text: string): unknown[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as unknown);
}

function applied(value: unknown, patch: readonly jsonPatch.Operation[]): unknown {
  return jsonPatch.applyPatch(structuredClone(value), structuredClone([...patch]), true).newDocument;
}
