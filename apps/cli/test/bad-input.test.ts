import { describe, expect, it } from 'vitest';

import { bwki, podText, type World } from './bwki.ts';
import { golden } from './golden.ts';

const commands = ['inject', 'explain', 'validate'];
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from('bcdefgh', (name, index) => {
    const above = String.fromCharCode('a'.charCodeAt(0) + index);
    return `${name}: &${name} [${Array(10).fill(`*${above}`).join(', ')}]`;
  }),
  '',
].join('\n');

describe.each(commands)('bwki %s', (command) => {
  it.each<[name: string, world: World | string | Uint8Array | null, line: RegExp]>([
    ['a missing file', {}, /^x: there is no such file \(INPUT_UNREADABLE\)$/],
    ['a directory', null, /^x: is a directory: .* \(INPUT_UNREADABLE\)$/],
    ['an empty file', '', /^x: holds no object \(INPUT_EMPTY\)$/],
    ['a file of comments', '# a\n---\n# b\n', /^x: holds no object \(INPUT_EMPTY\)$/],
    ['bytes that are no text', new Uint8Array([0x80, 0xff]), /^x: is not UTF-8 text \(INPUT_NOT_UTF8\)$/],
    ['a text that is no YAML object', 'hello, world', /^x:1:1: is a string, not .* \(INPUT_NOT_AN_OBJECT\)$/],
    ['a list', '- 1\n', /^x:1:1: is a list, not .* \(INPUT_NOT_AN_OBJECT\)$/],
    ['broken YAML', 'a: [1,\nb: 2\n', /^x:2:\d+: .* \(YAML_SYNTAX\)$/],
    ['broken JSON', '{"a": 1,\n "b" 2}', /^x:2:\d+: .* \(YAML_SYNTAX\)$/],
    ['tabs that indent', 'a:\n\tb: 1\n', /^x:2:1: .* \(YAML_SYNTAX\)$/],
    ['a key that is there twice', 'a: 1\nb: 2\na: 3\n', /^x:3:1: .* \(YAML_SYNTAX\)$/],
    [
      'a template that is not filled in',
      'a: {{ .Values.a }}\n',
      /^x:1:5: a key has to be text.* \(YAML_KEY\)$/,
    ],
    [
      '10,000 levels of lists',
      '['.repeat(10_000),
      /^x:1:\d+: nested more than 500 levels deep \(YAML_TOO_DEEP\)$/,
    ],
    [
      '10,000 levels of maps',
      `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
      /^x:1:\d+: nested more than 500 levels deep \(YAML_TOO_DEEP\)$/,
    ],
    ['a bomb of aliases', bomb, /^x:1:1: its aliases repeat so much .* \(YAML_REFERENCE\)$/],
    ['an alias inside of its anchor', 'a: &a\n  b: *a\n', /^x:2:6: \*a stands inside .* \(YAML_REFERENCE\)$/],
    ['an alias without an anchor', 'a: 1\nb: *a\n', /^x:2:4: \*a repeats .* \(YAML_REFERENCE\)$/],
    ['a merge of what is no map', 'a: &a 1\nb:\n  <<: *a\n', /^x:3:3: << takes a map.* \(YAML_REFERENCE\)$/],
    [
      'control characters in a name',
      `${podText('a')}---\n"\u001B[2J`,
      /^x:17:\d+: document 2: [\x20-\x7E]*\(YAML_SYNTAX\)$/,
    ],
  ])('%s', async (_, world, line) => {
    const isWorld = typeof world === 'object' && world !== null && !(world instanceof Uint8Array);
    const called = await bwki([command, '-f', 'x'], isWorld ? world : { files: { x: world } });
    expect({ code: called.code, stdout: called.stdout }).toEqual({ code: 1, stdout: '' });
    expect(called.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(called.stderr.trimEnd()).toMatch(line);
  });

  it.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
  ])(
    'B14: all faults of all documents of all files at once, in order, with their places (%s)',
    async (_, lineBreak) => {
      const faulty = podText('c').replace('percent: 50', 'percent: 150').replace('amount: 1', 'amount: -1');
      const files = {
        'a.yaml': `${podText('a')}---\nb: [\n---\n${faulty}`.replaceAll('\n', lineBreak),
        'b.yaml': `\uFEFF${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod('ye')] })}`,
      };
      const { code, stdout, stderr } = await bwki([command, '-f', 'b.yaml', '-f', 'a.yaml', '-f', 'no'], {
        files,
      });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      await expect(stderr).toMatchFileSnapshot(golden('faults.txt'));
    },
  );
});

function pod(mode: string): unknown {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { annotations: { 'auto-management/bitfusion': mode } } };
}

it('§8: a large file of faults is reported in one go', async () => {
  const stdin = Array.from({ length: 500 }, (_, index) =>
    podText(`p-${index}`).replace('percent: 50', 'percent: 0'),
  ).join('---\n');
  const { stderr } = await bwki(['validate', '-f', '-'], { stdin });
  expect(stderr.trimEnd().split('\n')).toHaveLength(500);
});

describe('an object in which no pod is looked for', () => {
  const limits = 'limits: { bitfusion.io/gpu-amount: 1 }';
  const template = `spec: { containers: [{ name: c, resources: { ${limits} } }] }`;

  it.each([
    ['of an unknown kind', `apiVersion: example.com/v1\nkind: Training\nspec: { pod: { ${template} } }\n`],
    ['without apiVersion', `kind: Pod\n${template}\n`],
    ['of a kind in lower case', `apiVersion: v1\nkind: pod\n${template}\n`],
    ['annotated', 'apiVersion: v1\nkind: X\nmetadata: { annotations: { auto-management/bitfusion: all } }\n'],
  ])('B86: %s is warned of', async (_, text) => {
    const { code, stderr } = await bwki(['validate', '-f', 'x'], { files: { x: text } });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^x:1:1: warning: .* \(CLI_OBJECT_UNREAD\)\n$/);
  });

  it('B86: nothing is said of one that has no words of ours', async () => {
    const text = 'apiVersion: v1\nkind: Service\nspec: { ports: [] }\n';
    expect((await bwki(['validate', '-f', 'x'], { files: { x: text } })).stderr).toBe('');
  });

  it('B86: an element of a typed list is what its list says', async () => {
    const text = `apiVersion: v1\nkind: PodList\nitems: [{ metadata: { annotations: { auto-management/bitfusion: all } }, spec: { containers: [{ name: c, resources: { ${limits} } }] } }]\n`;
    const { code, stderr } = await bwki(['validate', '-f', 'x'], { files: { x: text } });
    expect(code).toBe(1);
    expect(stderr).toContain('items[0].spec.containers[0].command');
  });
});
