import { isMap, isSeq, visit, type CST, type Document } from 'yaml';

/** How a document is laid out, so that what is added looks like the rest. */
export interface TextLayout {
  /** Blanks by which a nested block map is indented. */
  readonly indent: number;
  /** True where the `-` of a list stands further right than the key above it. */
  readonly indentedSequences: boolean;
}

/** Read from the first block collections of a document; two blanks and indented lists where it has none. */
export function textLayoutOf(document: Document): TextLayout {
  let indent: number | undefined;
  let indentedSequences: boolean | undefined;
  visit(document, {
    Map(_, map) {
      const outer = blockIndent(map.srcToken);
      if (outer === undefined) return visit.SKIP;
      for (const { value } of map.items) {
        const inner = isMap(value) || isSeq(value) ? blockIndent(value.srcToken) : undefined;
        if (inner === undefined) continue;
        if (isSeq(value)) indentedSequences ??= inner > outer;
        else indent ??= inner - outer;
      }
      return indent !== undefined && indentedSequences !== undefined ? visit.BREAK : undefined;
    },
  });
  return { indent: indent ?? 2, indentedSequences: indentedSequences ?? true };
}

function blockIndent(token: CST.Token | undefined): number | undefined {
  return token?.type === 'block-map' || token?.type === 'block-seq' ? token.indent : undefined;
}
