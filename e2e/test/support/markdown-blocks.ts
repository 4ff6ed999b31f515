import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '../../..');

/** A fenced block of a document. */
export interface MarkdownBlock {
  /** The heading that it stands below. */
  readonly heading: string;
  /** What stands behind its first fence, such as `sh` or `yaml`. */
  readonly language: string;
  readonly text: string;
}

/** The blocks of a document of this repository, in their order: `docs/install.md`. */
export function markdownBlocks(path: string): readonly MarkdownBlock[] {
  const source = readFileSync(join(repository, path), 'utf8');
  const parts = source.matchAll(/^(?:#+ (.+)|```(\w*)\n([\s\S]*?)^```)$/gm);
  let heading = '';
  const blocks: MarkdownBlock[] = [];
  for (const [, title, language = '', text = ''] of parts) {
    if (title === undefined) blocks.push({ heading, language, text });
    else heading = title;
  }
  return blocks;
}

/** The one block of a document with `part` in it. */
export function blockWith(path: string, part: string): MarkdownBlock {
  const found = markdownBlocks(path).filter(({ text }) => text.includes(part));
  const [block] = found;
  if (block === undefined || found.length > 1) {
    throw new Error(`${path} has ${found.length} blocks with '${part}' in them, and has to have one`);
  }
  return block;
}

/** The cells of the table below a heading, row by row, without its head. */
export function tableRows(path: string, heading: string): readonly (readonly string[])[] {
  const source = readFileSync(join(repository, path), 'utf8');
  const [, section = ''] = source.split(`\n## ${heading}\n`);
  const [, , ...rows] = section.split('\n## ')[0]?.match(/^\|.*\|$/gm) ?? [];
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}
