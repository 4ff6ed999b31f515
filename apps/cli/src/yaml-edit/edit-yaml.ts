import { isDeepStrictEqual } from 'node:util';

import type { JsonPatchOperation } from '@bwki/pod-mutator';
import { Composer, isCollection, isNode, isPair, Parser, type Document, type Node } from 'yaml';

import { kubernetesYaml } from '../manifest/kubernetes-yaml.ts';
import { valueOf, type ManifestDocument, type ManifestFile } from '../manifest/manifest-file.ts';
import { valueFault } from '../manifest/value-fault.ts';
import { patchDocument } from './patch-document.ts';
import { printBlock } from './print-node.ts';
import { spliceDocument } from './splice-document.ts';
import { applyTextEdits, type TextEdit } from './text-edit.ts';
import { textLayoutOf } from './text-layout.ts';

/** A patch for one document of a file. */
export interface DocumentPatch {
  readonly document: ManifestDocument;
  readonly patch: readonly JsonPatchOperation[];
  /** What the document says afterwards. */
  readonly result: unknown;
}

export interface EditedText {
  readonly text: string;
  /** What changed, in the file's text with a line break at its end. */
  readonly edits: readonly TextEdit[];
}

/**
 * A file's text with patches brought into its documents; what they do not name stays as it is, to the byte. The
 * documents' nodes are changed on the way, so that a file can be edited only once.
 *
 * What was written is read back. A document whose text could not be edited in place is written anew from its
 * nodes, with its comments but in a layout of its own.
 *
 * @throws Error where even that does not say what it should: a bug
 */
export function editYaml(file: ManifestFile, patches: readonly DocumentPatch[]): EditedText {
  const changed = patches.filter(({ patch }) => patch.length > 0);
  if (changed.length === 0) return { text: file.text, edits: [] };

  // With a last line that ends like all others, every place behind a line is the start of the next.
  const lineBreak = file.text.includes('\r\n') ? '\r\n' : '\n';
  const lines = file.text.endsWith('\n') ? file.text : `${file.text}${lineBreak}`;
  const spliced = new Map(changed.map((change) => [change, splice(lines, change)]));
  const write = (): EditedText => {
    const edits = [...spliced.values()].flat().map((edit) => withLineBreaks(edit, lineBreak));
    const text = applyTextEdits(lines, edits);
    return { text: lines === file.text ? text : text.slice(0, -lineBreak.length), edits };
  };

  const inPlace = write();
  const failed = misread(file, inPlace.text, changed);
  if (failed.length === 0) return inPlace;
  for (const change of failed) spliced.set(change, [rewrite(change)]);
  const anew = write();
  if (misread(file, anew.text, changed).length > 0) throw new Error(`${file.name} cannot be edited`);
  return anew;
}

function splice(text: string, { document: { yaml }, patch }: DocumentPatch): readonly TextEdit[] {
  const before = patchDocument(yaml, patch);
  try {
    return spliceDocument(text, yaml, before);
  } catch (error) {
    if (error instanceof TypeError) return [];
    throw error;
  }
}

/** The changes whose documents the text does not say. Documents are read one by one: there may be thousands. */
function misread(
  file: ManifestFile,
  text: string,
  changes: readonly DocumentPatch[],
): readonly DocumentPatch[] {
  const expected = new Map(changes.map((change) => [file.documents.indexOf(change.document), change]));
  const wrong: DocumentPatch[] = [];
  let index = 0;
  const composer = new Composer({ ...kubernetesYaml, keepSourceTokens: false });
  for (const read of composer.compose(new Parser().parse(text))) {
    const change = expected.get(index);
    expected.delete(index);
    index += 1;
    if (change && !says(read, change.result)) wrong.push(change);
  }
  return [...wrong, ...expected.values()];
}

function says(read: Document, value: unknown): boolean {
  if (read.errors.length > 0 || valueFault(read) !== undefined) return false;
  return isDeepStrictEqual(valueOf(read), value);
}

function rewrite({ document: { yaml } }: DocumentPatch): TextEdit {
  const { contents } = yaml;
  if (!isNode(contents) || !contents.range) throw new TypeError('a document without text');
  const [start, , end] = contents.range;
  dropCommentAbove(contents);
  return { start, end, text: `${printBlock(contents, textLayoutOf(yaml)).join('\n')}\n` };
}

/** What stands above a document's first line is not in its range, and stays. */
function dropCommentAbove(node: Node): void {
  node.commentBefore = null;
  const first: unknown = isCollection(node) ? node.items[0] : undefined;
  const inner = isPair(first) ? first.key : first;
  if (isNode(inner)) dropCommentAbove(inner);
}

/** Added lines end as the file's own do. The library keeps the CR of a comment that it prints again. */
function withLineBreaks(edit: TextEdit, lineBreak: string): TextEdit {
  return { ...edit, text: edit.text.replaceAll(/\r?\n/g, lineBreak) };
}
