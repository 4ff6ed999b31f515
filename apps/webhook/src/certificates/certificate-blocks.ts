const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

/**
 * The certificates of PEM texts as one text: each once, in their order, its marks on lines of their own. Whatever
 * stands between certificates is dropped. Go reads no certificate from a text in which a mark shares its line.
 */
export function joinCertificates(texts: readonly string[]): string {
  return [...new Set(texts.flatMap(certificateBlocks))].join('');
}

function certificateBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf(begin, at);
    const stop = start === -1 ? -1 : text.indexOf(end, start);
    if (stop === -1) return blocks;
    // A block that was cut off before its end belongs to no certificate.
    const last = text.lastIndexOf(begin, stop);
    const lines = text
      .slice(last + begin.length, stop)
      .split(/\s/)
      .filter((line) => line !== '');
    blocks.push(`${[begin, ...lines, end].join('\n')}\n`);
    at = stop + end.length;
  }
}
