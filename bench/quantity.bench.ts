/**
 * How fast `Quantity.parse` is on one core: absolute figures, and beside two readers that the engine has built in.
 * Run it by `node --conditions=@bwki/source bench/quantity.bench.ts`.
 */
import { cpus } from 'node:os';
import { Quantity } from '@bwki/quota-calc';

const rounds = 5;
const millisecondsPerRound = 100;
const textsBetweenClocks = 10_000;

const usual = ['500m', '8000M', '1', '16Gi', '2', '100m', '1.5', '512Mi'];
const exponents = ['1e3', '12e6', '1E-9', '0.1n', '1.5Gi', '0.5Ki'];
const wide = ['9223372036854775807', '7Ei', '8Ei', '123456789012345678901234567890'];
const endless = ['9'.repeat(10_000), `0.${'0'.repeat(10_000)}1`, `1e-${'9'.repeat(10_000)}`];

/** Every answer is kept here for a moment: an object that nobody can see might never be made. */
let latest: unknown;

/** Texts per second in the best of some rounds: what disturbs a round can only slow it down. */
function rateOf(read: (text: string) => unknown, texts: readonly string[]): number {
  const turns = Math.ceil(textsBetweenClocks / texts.length);
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    let done = 0;
    let elapsed: number;
    do {
      for (let turn = 0; turn < turns; turn++) {
        for (const text of texts) latest = read(text);
      }
      done += turns * texts.length;
      elapsed = performance.now() - start;
    } while (elapsed < millisecondsPerRound);
    best = Math.max(best, (done * 1000) / elapsed);
  }
  return best;
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
report('Quantity.parse, 10,000 digits', rateOf(parse, endless));
report('Quantity.parse, beyond 2^53', rateOf(parse, wide));
report('Quantity.parse, exponents and below nano', rateOf(parse, exponents));
report('Quantity.parse and toString, usual', rateOf(parseAndPrint, usual));
const rate = rateOf(parse, usual);
report('Quantity.parse, usual', rate);

const baselines = [
  { name: 'Number.parseFloat, usual', baseline: rateOf(Number.parseFloat, usual) },
  {
    name: 'JSON.parse, usual in quotes',
    baseline: rateOf(
      parseJson,
      usual.map((text) => JSON.stringify(text)),
    ),
  },
];
for (const { name, baseline } of baselines) {
  report(name, baseline, `Quantity.parse is ${(rate / baseline).toFixed(2)} times as fast`);
}
if (latest === undefined) throw new Error('nothing was read');
