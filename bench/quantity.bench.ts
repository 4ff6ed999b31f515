/**
 * How fast `Quantity.parse` is on one core: absolute figures, and beside two readers that the engine has built in.
 * Run it by `npm run quantity -w @bwki/bench`.
 */
import { cpus } from 'node:os';
import { Quantity } from '@bwki/quota-calc';

import { rateOf } from './rate.ts';

const textsBetweenClocks = 10_000;

const usual = ['500m', '8000M', '1', '16Gi', '2', '100m', '1.5', '512Mi'];
const exponents = ['1e3', '12e6', '1E-9', '0.1n', '1.5Gi', '0.5Ki'];
const wide = ['9223372036854775807', '7Ei', '8Ei', '123456789012345678901234567890'];
const endless = ['9'.repeat(10_000), `0.${'0'.repeat(10_000)}1`, `1e-${'9'.repeat(10_000)}`];

/** Texts per second. */
function textRate(read: (text: string) => unknown, texts: readonly string[]): number {
  const readAll = (): unknown => texts.map(read);
  return rateOf(readAll, Math.ceil(textsBetweenClocks / texts.length)) * texts.length;
}

function report(name: string, rate: number, note = ''): void {
  const figure = Math.round(rate).toLocaleString('en').padStart(12);
  console.log(`${name.padEnd(42)} ${figure} /s  ${note}`.trimEnd());
}

const parse = (text: string): unknown => Quantity.parse(text);
const parseAndPrint = (text: string): unknown => {
  const read = Quantity.parse(text);
  return read.ok ? read.value.toString() : read.error.code;
};
const parseJson = (text: string): unknown => JSON.parse(text);

console.log(`${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.version}, one core`);
// The rare texts come first, so that the usual ones are measured in a process that has met all kinds.
report('Quantity.parse, 10,000 digits', textRate(parse, endless));
report('Quantity.parse, beyond 2^53', textRate(parse, wide));
report('Quantity.parse, exponents and below nano', textRate(parse, exponents));
report('Quantity.parse and toString, usual', textRate(parseAndPrint, usual));
const rate = textRate(parse, usual);
report('Quantity.parse, usual', rate);

const baselines = [
  { name: 'Number.parseFloat, usual', baseline: textRate(Number.parseFloat, usual) },
  {
    name: 'JSON.parse, usual in quotes',
    baseline: textRate(
      parseJson,
      usual.map((text) => JSON.stringify(text)),
    ),
  },
];
for (const { name, baseline } of baselines) {
  report(name, baseline, `Quantity.parse is ${(rate / baseline).toFixed(2)} times as fast`);
}
