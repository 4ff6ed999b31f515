import { readFileSync } from 'node:fs';

/** What the original, k8s.io/apimachinery, says of a text that it accepts; see tools/quantity-corpus. */
export interface AcceptedRow {
  readonly text: string;
  readonly canonical: string;
  readonly format: string;
  /** `Value()`, which overflows for amounts that no int64 holds and is wrong for some negative ones. */
  readonly value: bigint;
  readonly sign: number;
  readonly integer: boolean;
  /** The exact amount, times 10^9. */
  readonly nano: bigint;
  /** Its order to the accepted row before it. */
  readonly previous: number;
  /** The index of another accepted row, and the order to it. */
  readonly other: number;
  readonly order: number;
  /** What `String()` gives. */
  readonly string: string;
}

export interface Corpus {
  readonly apimachinery: string;
  readonly accepted: readonly AcceptedRow[];
  readonly refused: readonly string[];
}

type Line = readonly [
  string,
  string,
  string,
  string,
  number,
  boolean,
  string,
  number,
  number,
  number,
  string,
];

export function readCorpus(): Corpus {
  const file = new URL('../fixtures/quantity-corpus.jsonl', import.meta.url);
  const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const rows = lines.map((line) => JSON.parse(line) as readonly [string] | Line);
  const { apimachinery } = JSON.parse(header ?? '') as { apimachinery: string };
  return {
    apimachinery,
    accepted: rows.filter((row) => row.length > 1).map((row) => acceptedRow(row as Line)),
    refused: rows.filter((row) => row.length === 1).map(([text]) => text),
  };
}

function acceptedRow(line: Line): AcceptedRow {
  const [text, canonical, format, value, sign, integer, decimal, previous, other, order, string] = line;
  const nano = nanoOf(decimal);
  return {
    text,
    canonical,
    format,
    value: BigInt(value),
    sign,
    integer,
    nano,
    previous,
    other,
    order,
    string,
  };
}

/** Reads plain decimals, which never have more than nine significant places here. */
function nanoOf(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.split('.');
  if (/[1-9]/.test(fraction.slice(9))) throw new Error(`finer than nano: ${decimal}`);
  return BigInt(whole + fraction.slice(0, 9).padEnd(9, '0'));
}
