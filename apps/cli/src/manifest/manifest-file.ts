import { Composer, LineCounter, Parser, type Document } from 'yaml';

import type { CliErrorCode } from '../cli-error-codes.ts';
import type { Fault, Position } from '../fault.ts';
import { kubernetesYaml } from './kubernetes-yaml.ts';
import { maximumNesting, offsetOfExcessiveNesting } from './nesting.ts';
import { valueFault } from './value-fault.ts';

/** A file as it was read. */
export interface SourceText {
  /** As the user named it; `<stdin>` for `-`. */
  readonly name: string;
  readonly text: string;
}

export interface ManifestFile extends SourceText {
  readonly documents: readonly ManifestDocument[];
  positionAt(offset: number): Position;
}

/** One document of a file. Ranges of its nodes are offsets in the file's text. */
export interface ManifestDocument {
  readonly yaml: Document;
  /** What it says, as JSON would; null for one that is empty or holds comments only. */
  readonly value: unknown;
  /** Counted from 1. Given only where the file holds several. */
  readonly number: number | undefined;
}

/** Reads all documents of a file, and lists the faults of all of them. */
export function parseManifestFile(source: SourceText): {
  readonly file: ManifestFile;
  readonly faults: readonly Fault[];
} {
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, source.text.length));
    // A byte order mark is in no column that an editor shows.
    return { line, col: line === 1 && source.text.startsWith('\uFEFF') ? Math.max(1, col - 1) : col };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(source.text)];

  const faults: Fault[] = [];
  const fault = (offset: number, code: CliErrorCode, message: string, document: number | undefined): void => {
    const position = positionAt(offset);
    // The reader trips again over what follows its first fault in a line: that would only hide the cause.
    if (faults.some((other) => other.position?.line === position.line)) return;
    faults.push({ file: source.name, document, position, code, message });
  };

  const tooDeep = tokens.flatMap((token) => offsetOfExcessiveNesting(token) ?? []);
  for (const offset of tooDeep) {
    fault(offset, 'YAML_TOO_DEEP', `nested more than ${maximumNesting} levels deep`, undefined);
  }
  const parsed = tooDeep.length > 0 ? [] : [...new Composer(kubernetesYaml).compose(tokens)];

  const documents = parsed.map((yaml, index): ManifestDocument => {
    const number = parsed.length > 1 ? index + 1 : undefined;
    for (const error of yaml.errors) fault(error.pos[0], 'YAML_SYNTAX', error.message, number);
    if (yaml.errors.length > 0) return { yaml, value: null, number };

    const noValue = valueFault(yaml);
    if (noValue) {
      fault(noValue.offset ?? yaml.range[0], noValue.code, noValue.message, number);
      return { yaml, value: null, number };
    }
    return { yaml, value: valueOf(yaml), number };
  });
  return { file: { ...source, documents, positionAt }, faults };
}

/** What a document says, as JSON would. The size of its aliases is judged before (`valueFault`), not here. */
export function valueOf(document: Document): unknown {
  return document.toJS({ maxAliasCount: -1 });
}
