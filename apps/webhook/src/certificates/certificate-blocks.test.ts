import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { joinCertificates } from './certificate-blocks.ts';

const certificate = (body: string): string =>
  `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
const [first, second] = [certificate('Rmlyc3Q='), certificate('U2Vjb25k\nTGluZQ==')];

describe('B54: certificates in one text', () => {
  it.each<[what: string, texts: readonly string[], joined: string]>([
    ['none', [], ''],
    ['as they are', [first, second], first + second],
    ['the last newline missing', [first.trimEnd(), second.trimEnd()], first + second],
    ['newlines of Windows', [first.replaceAll('\n', '\r\n'), second], first + second],
    ['blank lines and a comment around', [`issued by hand\n\n${first}\n\n`, `\n${second}`], first + second],
    ['twice', [first, first + second], first + second],
    ['both on one line', [(first + second).replaceAll('\n', ' ')], first + second],
    ['cut off at its end', [first + second.slice(0, 40), second], first + second],
    ['cut off before another', [second.slice(0, 40) + first], first],
    ['no certificate', ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'], ''],
  ])('%s', (_, texts, joined) => {
    expect(joinCertificates(texts)).toBe(joined);
  });

  it('is as it was when it is joined again, and each mark has its line', () => {
    const piece = fc.oneof(
      fc.constantFrom(first, second, first.trimEnd(), '\r\n', ' ', '-----BEGIN CERTIFICATE-----'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const joined = joinCertificates([pieces.join('')]);
        expect(joinCertificates([joined])).toBe(joined);
        const marked = joined.split('\n').filter((line) => line.includes('CERTIFICATE-----'));
        for (const line of marked) expect(line).toMatch(/^-----(BEGIN|END) CERTIFICATE-----$/);
      }),
    );
  });
});
