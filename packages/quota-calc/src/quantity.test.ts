import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantity, quantityText } from '../test/quantity-text.ts';
import { Quantity } from './quantity.ts';

const nanoPerUnit = 10n ** 9n;

describe('B17: Quantity.parse', () => {
  it.each([
    ['500m', '500m', 500_000_000n],
    ['8000M', '8G', 8n * 10n ** 18n],
    ['1.5', '1500m', 1_500_000_000n],
    ['.5', '500m', 500_000_000n],
    ['5.', '5', 5n * nanoPerUnit],
    ['-0', '0', 0n],
    ['+1', '1', nanoPerUnit],
    ['1E', '1E', 10n ** 27n],
    ['1E3', '1e3', 1000n * nanoPerUnit],
    ['1e-10', '1e-9', 1n],
    ['0.1n', '1n', 1n],
    ['-0.1n', '-1n', -1n],
    ['1.5Ki', '1536', 1536n * nanoPerUnit],
    ['0.1Ki', '102400m', 102_400_000_000n],
    ['1025', '1025', 1025n * nanoPerUnit],
    ['1025Ki', '1025Ki', 1025n * 1024n * nanoPerUnit],
    ['8Ei', '9223372036854775807', (2n ** 63n - 1n) * nanoPerUnit],
    ['-8Ei', '-9223372036854775807', -(2n ** 63n - 1n) * nanoPerUnit],
    ['9007199254740991.9990234375009765625Ki', '9223372036854775807', (2n ** 63n - 1n) * nanoPerUnit],
    ['9223372036854775808', '9223372036854775808', 2n ** 63n * nanoPerUnit],
    ['1000E', '1000E', 10n ** 30n],
  ])('B17: reads %s as %s', (text, canonical, nano) => {
    expect(quantity(text).toString()).toBe(canonical);
    expect(quantity(text).nano()).toBe(nano);
  });

  it.each([
    '',
    ' ',
    '.',
    '-',
    'm',
    'Ki',
    '1e',
    '1e+',
    '1.2.3',
    '1 Ki',
    ' 1',
    '1KiB',
    '1K',
    '0x10',
    '1,5',
    '１',
  ])('B17: refuses %j', (text) => {
    expect(Quantity.parse(text)).toEqual({ ok: false, error: { code: 'QUANTITY_SYNTAX', text } });
  });

  it.each([
    ['an enormous exponent', '1e999999999'],
    ['an exponent of 18 digits', '1e999999999999999999'],
    ['a fraction with an enormous exponent', '0.000000001e999999999'],
    ['10,000 digits', '9'.repeat(10_000)],
    ['10,000 digits, their exponent not small enough', `${'9'.repeat(10_000)}e-9935`],
  ])('B12: refuses %s without computing it', (_, text) => {
    expect(Quantity.parse(text)).toEqual({ ok: false, error: { code: 'QUANTITY_TOO_LARGE', text } });
  });

  it.each([
    ['an enormous negative exponent', '1e-999999999', 1n],
    ['zero with an enormous exponent', '0e999999999', 0n],
    ['10,000 leading zeros', `${'0'.repeat(10_000)}1`, nanoPerUnit],
    ['10,000 trailing zeros', `1.${'0'.repeat(10_000)}`, nanoPerUnit],
    ['a fraction of 10,000 digits', `1.${'0'.repeat(10_000)}1`, nanoPerUnit + 1n],
    ['a fraction of 10,000 digits in Ei', `1.${'0'.repeat(10_000)}1Ei`, 2n ** 60n * nanoPerUnit + 1n],
    ['10,000 digits that an exponent makes small', `${'9'.repeat(10_000)}e-10000`, nanoPerUnit],
    ['10,000 digits under a cap', `${'9'.repeat(10_000)}Ki`, (2n ** 63n - 1n) * nanoPerUnit],
  ])('B12: reads %s from few digits', (_, text, nano) => {
    expect(quantity(text).nano()).toBe(nano);
  });

  it('B17: round-trips: what it prints, it reads as the same amount and prints again', () => {
    fc.assert(
      fc.property(quantityText, (text) => {
        const read = quantity(text);
        const again = quantity(read.toString());
        expect(again.nano()).toBe(read.nano());
        expect(again.toString()).toBe(read.toString());
      }),
    );
  });

  it('B17: drops nothing of a fraction that matters, however long it is', () => {
    const binary = fc.constantFrom<[string, bigint]>(['', 0n], ['Ki', 10n], ['Pi', 50n], ['Ei', 60n]);
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '5', '9'), minLength: 60, maxLength: 90 });
    fc.assert(
      fc.property(digits, binary, (fraction, [suffix, exponent]) => {
        const divisor = 10n ** BigInt(fraction.length);
        const exact = (BigInt(fraction) << exponent) * nanoPerUnit;
        const roundedUp = exact / divisor + (exact % divisor === 0n ? 0n : 1n);
        expect(quantity(`0.${fraction}${suffix}`).nano()).toBe(roundedUp);
      }),
    );
  });

  it('B17: takes the longest fractions that are whole nanos for exact ones', () => {
    // k x 2^-69 x 5^-9 has 69 decimals and is k nano in Ei.
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 69n * 5n ** 9n - 1n }), (nano) => {
        const fraction = (nano * 5n ** 60n).toString().padStart(69, '0');
        expect(quantity(`0.${fraction}Ei`).nano()).toBe(nano);
        expect(quantity(`0.${fraction}1Ei`).nano()).toBe(nano + 1n);
      }),
    );
  });
});

describe('B17: Quantity.fromJson', () => {
  it.each([
    ['16Gi', '16Gi'],
    [' 1\u00a0', '1'],
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [0.1, '100m'],
    [1e-7, '100e-9'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('B17: reads %j as %s', (value, canonical) => {
    const read = Quantity.fromJson(value);
    expect(read.ok && read.value.toString()).toBe(canonical);
  });

  it.each([Number.MAX_SAFE_INTEGER + 1, 1e21, Infinity, NaN])('B17: refuses the number %d', (value) => {
    expect(Quantity.fromJson(value)).toEqual({
      ok: false,
      error: { code: 'QUANTITY_NUMBER_INEXACT', value },
    });
  });

  it.each([
    [null, 'null'],
    [undefined, 'undefined'],
    [true, 'boolean'],
    [[1], 'array'],
    [{ toString: () => '1' }, 'object'],
    [1n, 'bigint'],
  ])('B17: refuses %o', (value, type) => {
    expect(Quantity.fromJson(value)).toEqual({ ok: false, error: { code: 'QUANTITY_TYPE', type } });
  });
});

describe('B17: a Quantity', () => {
  it('B17: is ordered by its exact amount', () => {
    fc.assert(
      fc.property(quantityText, quantityText, (left, right) => {
        const [a, b] = [quantity(left), quantity(right)];
        const difference = a.nano() - b.nano();
        expect(a.compare(b)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
        expect(b.compare(a) + a.compare(b)).toBe(0);
        expect(a.equals(b)).toBe(difference === 0n);
      }),
    );
  });

  it('B17: equals itself in another spelling', () => {
    expect(quantity('1000m').equals(quantity('1'))).toBe(true);
    expect(quantity('1Ki').equals(quantity('1024'))).toBe(true);
    expect(quantity('1Ki').equals(quantity('1k'))).toBe(false);
  });

  it('B17: has the sign of its amount', () => {
    fc.assert(
      fc.property(quantityText, (text) => {
        const nano = quantity(text).nano();
        expect(quantity(text).sign()).toBe(nano < 0n ? -1 : nano > 0n ? 1 : 0);
      }),
    );
  });

  it('B17: rounds value() away from zero, and to itself only when it is an integer', () => {
    fc.assert(
      fc.property(quantityText, (text) => {
        const read = quantity(text);
        const excess = (read.value() * nanoPerUnit - read.nano()) * (read.sign() < 0 ? -1n : 1n);
        expect(excess >= 0n && excess < nanoPerUnit).toBe(true);
        expect(read.isInteger()).toBe(excess === 0n);
      }),
    );
  });

  it('B17: is made of an integer or of nano', () => {
    fc.assert(
      fc.property(fc.bigInt(), (amount) => {
        expect(Quantity.fromInteger(amount).value()).toBe(amount);
        expect(Quantity.fromNano(amount).nano()).toBe(amount);
        expect(Quantity.fromInteger(amount).equals(Quantity.fromNano(amount * nanoPerUnit))).toBe(true);
      }),
    );
  });

  it('B17: stands in JSON as its canonical text', () => {
    expect(JSON.stringify({ memory: quantity('8000M') })).toBe('{"memory":"8G"}');
  });
});
