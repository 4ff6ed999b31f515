import { describe, expect, it } from 'vitest';
import { readCorpus, type AcceptedRow } from '../test/corpus.ts';
import { Quantity } from './quantity.ts';

const corpus = readCorpus();
const int64Max = 2n ** 63n - 1n;

// The only rows in which `Quantity` parts from the original, on purpose; README.md says why.

/** Kubernetes takes a suffix without any digit for 0. */
const hasNoDigit = (text: string): boolean => !/[0-9]/.test(text.replace(/[eE][+-]?[0-9]+$/, ''));

/** Kubernetes cuts exponents to 32 bits. */
const hasCutExponent = (text: string): boolean => /[eE][+-]?[1-9][0-9]{9,}$/.test(text);

/** Kubernetes holds decimal quantities of any size. */
const isTooLarge = (row: AcceptedRow): boolean => row.nano.toString().replace('-', '').length > 64 + 9;

const read = corpus.accepted
  .filter((row) => !hasNoDigit(row.text) && !hasCutExponent(row.text) && !isTooLarge(row))
  .map((row) => {
    const parsed = Quantity.parse(row.text);
    return { row, quantity: parsed.ok ? parsed.value : undefined };
  });

/** Kubernetes has no suffix for 10^21 and its multiples, and prints their first digits alone. */
const isOutgrown = ({ format, nano }: AcceptedRow): boolean =>
  format === 'DecimalSI' && nano !== 0n && nano % 10n ** 30n === 0n;

const outgrown = new Map(read.filter(({ row }) => isOutgrown(row)).map(({ row }) => [row.text, row]));

/** Collects what differs, so that a failure shows every such row rather than the first. */
function differences<T>(expected: (row: AcceptedRow) => T, actual: (quantity: Quantity) => T): Difference[] {
  return read
    .map(({ row, quantity }) => ({
      text: row.text,
      kubernetes: expected(row),
      ours: quantity && actual(quantity),
    }))
    .filter(({ kubernetes, ours }) => kubernetes !== ours);
}

interface Difference {
  readonly text: string;
  readonly kubernetes: unknown;
  readonly ours: unknown;
}

describe(`B17: Quantity agrees with apimachinery ${corpus.apimachinery}`, () => {
  it('B17: on a corpus of thousands of texts, right and wrong ones', () => {
    expect(corpus.apimachinery).toMatch(/^v0\.\d+\.\d+$/);
    expect(corpus.accepted.length + corpus.refused.length).toBeGreaterThan(5000);
    expect(corpus.refused.length).toBeGreaterThan(500);
    expect(read.length).toBeGreaterThan(0.95 * corpus.accepted.length);
  });

  it('B17: on which texts are no quantities', () => {
    expect(corpus.refused.filter((text) => Quantity.parse(text).ok)).toEqual([]);
  });

  it('B17: on which texts are quantities', () => {
    expect(read.filter(({ quantity }) => quantity === undefined).map(({ row }) => row.text)).toEqual([]);
  });

  it('B17: on exact amounts, rounding and the cap', () => {
    expect(
      differences(
        (row) => row.nano,
        (quantity) => quantity.nano(),
      ),
    ).toEqual([]);
  });

  it('B17: on sign, format and whole numbers', () => {
    expect(
      differences(
        ({ sign, format, integer }) => `${sign} ${format} ${integer}`,
        (quantity) => `${quantity.sign()} ${quantity.format} ${quantity.isInteger()}`,
      ),
    ).toEqual([]);
  });

  it('B17: on the canonical text, but for amounts that it has no suffix for', () => {
    expect(
      differences(
        (row) => row.canonical,
        (quantity) => quantity.toString(),
      ).filter(({ text }) => !outgrown.has(text)),
    ).toEqual([]);
  });

  it('B17: on the amount that its String() means where that is not the canonical text', () => {
    const echoes = read.filter(({ row }) => row.string !== row.canonical);
    expect(echoes.length).toBeGreaterThan(100);
    expect(echoes.filter(({ row }) => !sameAmount(row.string, row.text))).toEqual([]);
  });

  it('B17: on Value() of whatever is not negative and fits an int64', () => {
    const fits = read.filter(({ row }) => row.sign >= 0 && row.nano <= int64Max * 10n ** 9n);
    expect(fits.length).toBeGreaterThan(2000);
    expect(fits.filter(({ row, quantity }) => quantity?.value() !== row.value)).toEqual([]);
  });

  it('B17: on Value() of negative amounts, which mirrors that of positive ones', () => {
    const mirror = (row: AcceptedRow): bigint => -((-row.nano + 10n ** 9n - 1n) / 10n ** 9n);
    const negative = read.filter(({ row }) => row.sign < 0);
    expect(negative.filter(({ row, quantity }) => quantity?.value() !== mirror(row))).toEqual([]);
    const right = negative.filter(({ row }) => row.value === mirror(row));
    expect(right.length).toBeGreaterThan(500);
  });

  it('B17: on the order of neighbours and of strangers', () => {
    const ours = new Map(read.map(({ row, quantity }) => [row, quantity]));
    const disorder = read.filter(({ row, quantity }) => {
      const before = ours.get(corpus.accepted[corpus.accepted.indexOf(row) - 1] ?? row);
      const other = ours.get(corpus.accepted[row.other] ?? row);
      return (
        (before !== undefined && quantity?.compare(before) !== row.previous) ||
        (other !== undefined && quantity?.compare(other) !== row.order)
      );
    });
    expect(disorder.map(({ row }) => row.text)).toEqual([]);
  });
});

describe('B17: Quantity parts from Kubernetes, knowingly', () => {
  it('B17: refuses texts without a digit', () => {
    const rows = corpus.accepted.filter(({ text }) => hasNoDigit(text));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.filter(({ nano }) => nano !== 0n)).toEqual([]);
    expect(rows.filter(({ text }) => Quantity.parse(text).ok)).toEqual([]);
  });

  it('B17: refuses numbers of more than 64 digits before the point', () => {
    const rows = corpus.accepted.filter(isTooLarge);
    expect(rows.length).toBeGreaterThan(5);
    for (const { text } of rows) {
      expect(Quantity.parse(text)).toEqual({ ok: false, error: { code: 'QUANTITY_TOO_LARGE', text } });
    }
  });

  it('B17: takes exponents beyond 32 bits for what they say', () => {
    const rows = corpus.accepted.filter(({ text }) => hasCutExponent(text));
    expect(rows.map(({ text, canonical }) => [text, canonical])).toEqual([
      ['1e4294967296', '1'],
      ['1e4294967299', '1e3'],
      ['1e9223372036854775807', '100e-3'],
      ['1e-9223372036854775808', '1'],
    ]);
    expect(Quantity.parse('1e4294967296')).toMatchObject({ error: { code: 'QUANTITY_TOO_LARGE' } });
    expect(Quantity.parse('1e-9223372036854775808')).toMatchObject({ value: { unscaled: 1n, scale: -9 } });
  });

  it('B17: prints every amount in full where Kubernetes runs out of suffixes', () => {
    expect(corpus.accepted.find(({ text }) => text === '1000E')?.canonical).toBe('1');
    expect(quantityOf('1000E')?.toString()).toBe('1000E');
    expect(outgrown.size).toBeGreaterThan(10);
    for (const [text, row] of outgrown) {
      expect(sameAmount(row.canonical, text)).toBe(false);
      expect(sameAmount(quantityOf(text)?.toString() ?? '', text)).toBe(true);
    }
  });
});

function quantityOf(text: string): Quantity | undefined {
  const parsed = Quantity.parse(text);
  return parsed.ok ? parsed.value : undefined;
}

function sameAmount(left: string, right: string): boolean {
  return quantityOf(left)?.nano() === quantityOf(right)?.nano();
}
