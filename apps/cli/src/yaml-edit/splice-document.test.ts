import type { JsonPatchOperation } from '@bwki/pod-mutator';
import fc from 'fast-check';
import jsonPatch from 'fast-json-patch';
import { expect, it } from 'vitest';
import { Document, isCollection, isPair, visit } from 'yaml';

import { kubernetesYaml } from '../manifest/kubernetes-yaml.ts';
import { parseManifestFile } from '../manifest/manifest-file.ts';
import { editYaml } from './edit-yaml.ts';
import { patchDocument } from './patch-document.ts';
import { spliceDocument } from './splice-document.ts';
import { applyTextEdits } from './text-edit.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const key = fc.constantFrom(
  'a',
  'b',
  'c',
  'limits',
  'bitfusion.io/gpu',
  'x~y',
  '',
  'yes',
  'two words',
  '#',
  '- x',
);
const scalar = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    0,
    1.5,
    '',
    'text',
    'yes',
    '0x1f',
    'a: b',
    '# no',
    'two\nlines\n',
    ' x ',
    "'",
    '"',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const { value: json } = fc.letrec<{ value: Json; list: Json[]; map: Record<string, Json> }>((tie) => ({
  value: fc.oneof({ depthSize: 'small', maxDepth: 4 }, scalar, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

/** A document in some layout: styles, indents, comments as the dice fall. */
function textOf(value: Json, dice: readonly number[], lineBreak: string): string {
  let throws = 0;
  const roll = (sides: number): number => (dice[throws++ % dice.length] ?? 0) % sides;
  const document = new Document(value, { ...kubernetesYaml, aliasDuplicateObjects: false });
  visit(document, (_, node) => {
    if (isPair(node)) return;
    if (isCollection(node) && roll(3) === 0) node.flow = true;
    if (roll(4) === 0 && typeof node === 'object' && node !== null) Object.assign(node, { comment: ' said' });
    if (roll(6) === 0 && typeof node === 'object' && node !== null)
      Object.assign(node, { commentBefore: ' above' });
  });
  const text = document.toString({ indent: 2 + roll(3), indentSeq: roll(2) === 0, lineWidth: roll(2) * 40 });
  return (roll(5) === 0 ? text.trimEnd() : text).replaceAll('\n', lineBreak);
}

/** Operations that apply to the value one after the other, chosen by dice. */
function patchOf(value: Json, dice: readonly number[], added: readonly Json[]): JsonPatchOperation[] {
  const patch: JsonPatchOperation[] = [];
  let now = copyOf(value) as Json;
  for (const [index, die] of dice.entries()) {
    const places = [...collectionsIn(now, '')];
    const place = places[die % places.length];
    if (!place) break;
    const operation = operationAt(place, Math.floor(die / 7), added[index % added.length] ?? null);
    if (!operation) continue;
    patch.push(operation);
    now = jsonPatch.applyPatch(now, copyOf([operation]) as jsonPatch.Operation[]).newDocument;
  }
  return patch;
}

function* collectionsIn(
  value: Json,
  pointer: string,
): Generator<{ pointer: string; keys: string[]; isList: boolean }> {
  if (typeof value !== 'object' || value === null) return;
  yield { pointer, keys: Object.keys(value), isList: Array.isArray(value) };
  for (const [name, part] of Object.entries(value)) yield* collectionsIn(part, `${pointer}/${escaped(name)}`);
}

function operationAt(
  { pointer, keys, isList }: { pointer: string; keys: string[]; isList: boolean },
  die: number,
  value: Json,
): JsonPatchOperation | undefined {
  const chosen = keys[die % (keys.length || 1)];
  const path = `${pointer}/${escaped(chosen ?? '')}`;
  if (die % 3 === 0 || chosen === undefined) {
    if (!isList) return { op: 'add', path: `${pointer}/new${die % 5}`, value };
    return {
      op: 'add',
      path: die % 2 === 0 ? `${pointer}/-` : `${pointer}/${die % (keys.length + 1)}`,
      value,
    };
  }
  return die % 3 === 1 ? { op: 'remove', path } : { op: 'replace', path, value };
}

/** A copy that shares nothing, not even within itself. */
function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function escaped(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1');
}

const dice = (maxLength: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(1000), { minLength: 1, maxLength });

it('§8: any patch of any document in any layout, spliced into its text, is what the patch makes of it', () => {
  const root = fc.dictionary(key, json, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
  fc.assert(
    fc.property(
      root,
      dice(40),
      dice(6),
      fc.array(json, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('\n', '\r\n'),
      (value, styles, choices, added, lineBreak) => {
        const text = textOf(value, styles, lineBreak);
        const { file, faults } = parseManifestFile({ name: 'x', text });
        // The library that lays it out trips over some comments itself.
        fc.pre(faults.length === 0);
        const document = file.documents[0]?.yaml;
        if (!document) throw new Error('no document');
        const read = copyOf(file.documents[0]?.value) as Json;
        const patch = patchOf(read, choices, added);
        const expected = jsonPatch.applyPatch(read, copyOf(patch) as jsonPatch.Operation[]).newDocument;

        const lines = text.endsWith('\n') ? text : `${text}\n`;
        const edits = spliceDocument(lines, document, patchDocument(document, patch));
        const edited = applyTextEdits(lines, edits);
        const again = parseManifestFile({ name: 'x', text: edited });
        expect(again.faults).toEqual([]);
        expect(again.file.documents[0]?.value).toEqual(expected);
      },
    ),
    { numRuns: 400 },
  );
});

it('§8: a text whose lines end in CR LF is edited as its copy with LF, line by line', () => {
  const root = fc.dictionary(key, json, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
  fc.assert(
    fc.property(
      root,
      dice(40),
      dice(6),
      fc.array(json, { minLength: 1, maxLength: 4 }),
      (value, styles, choices, added) => {
        const edited = ['\n', '\r\n'].map((lineBreak) => {
          const text = textOf(value, styles, lineBreak);
          const { file, faults } = parseManifestFile({ name: 'x', text });
          fc.pre(faults.length === 0 && text.includes(lineBreak));
          const [document] = file.documents;
          if (!document) throw new Error('no document');
          const read = copyOf(document.value) as Json;
          const patch = patchOf(read, choices, added);
          const result = jsonPatch.applyPatch(read, copyOf(patch) as jsonPatch.Operation[]).newDocument;
          return editYaml(file, [{ document, patch, result }]).text;
        });
        expect(edited[1]).toBe(edited[0]?.replaceAll('\n', '\r\n'));
      },
    ),
    { numRuns: 400 },
  );
});
