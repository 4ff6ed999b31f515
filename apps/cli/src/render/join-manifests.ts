/**
 * Files of manifests as one stream of documents. One file stays as it is; between two there is a line break and,
 * unless the second brings its own, a `---`.
 */
export function joinManifests(texts: readonly string[]): string {
  return texts.reduce((joined, text) => {
    const next = text.replace(/^\uFEFF/, '');
    return `${joined}${joined.endsWith('\n') ? '' : '\n'}${separatorBefore(next)}${next}`;
  });
}

/** Comments may stand above a `---`; a directive (`%YAML`) may only follow the end of a document. */
function separatorBefore(text: string): string {
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  if (first.startsWith('%')) return '...\n';
  return /^---(?:\s|$)/.test(first) ? '' : '---\n';
}
