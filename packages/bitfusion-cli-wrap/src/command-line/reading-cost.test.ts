import { describe, expect, it } from 'vitest';
import { hostileFragments } from '../../test/hostile-fragments.ts';
import { argumentsFault } from './arguments-fault.ts';
import { readClientUse } from './client-use.ts';
import { maxParsedText, TextBudget } from './text-budget.ts';

/** Below this, in ms, a difference is the machine's. */
const noise = 10;

/** CPU of this thread in ms, the least of a few runs. */
function cost(work: () => void): number {
  let least = Infinity;
  for (let run = 0; run < 3 && least > noise / 2; run += 1) {
    const start = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(start);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function growth(work: (times: number) => void, times: number): number {
  const costOf = (count: number): number =>
    cost(() => {
      work(count);
    });
  return (costOf(2 * times) + noise) / (costOf(times) + noise);
}

const readers: Readonly<Record<string, (fragment: string, times: number) => void>> = {
  'a text behind -c': (fragment, times) =>
    void readClientUse({ command: ['bash', '-c', `bitfusion health;${fragment.repeat(times)}`] }),
  'a text that names nothing': (fragment, times) =>
    void readClientUse({ command: ['bash', '-c', fragment.repeat(times)], args: ["bit''fusion"] }),
  'a text with arguments': (fragment, times) => void argumentsFault(`p ${fragment.repeat(times)}`),
  // Many short words are not a text; a word of `fragment` four times over is one.
  words: (fragment, times) => {
    const words = Array.from({ length: Math.ceil(times / 16) }, () => fragment.repeat(4));
    readClientUse({ command: ['bitfusion', 'run', ...words] });
  },
};

describe('the cost of reading a command line', { timeout: 60_000 }, () => {
  it.each(Object.entries(readers))('B70: doubles at most where %s doubles', (_, read) => {
    const dear = hostileFragments
      .map((fragment) => {
        const times = Math.ceil((64 * 1024) / fragment.length);
        return {
          fragment,
          ratio: growth((count) => {
            read(fragment, count);
          }, times),
        };
      })
      .filter(({ ratio }) => ratio > 3);
    expect(dear).toEqual([]);
  });

  it('B70: no text throws or is too deep, alone or within others, whatever its length', () => {
    for (const fragment of hostileFragments) {
      for (const length of [maxParsedText - 20, 64 * 1024]) {
        const text = fragment.repeat(Math.ceil(length / fragment.length)).slice(0, length);
        expect(() => readClientUse({ command: ['sh', '-c', `bitfusion x;${text}`] })).not.toThrow();
        expect(() => argumentsFault(`p ${text}`)).not.toThrow();
      }
    }
  });
});

describe('text that is not read', () => {
  const read = (text: string, budget?: TextBudget): unknown =>
    readClientUse({ command: ['sh', '-c', text] }, budget)?.calls;
  const call = 'bitfusion run -n 1 x;';
  const unread = (reason: string): unknown => [{ kind: 'unread', reason }];
  const tooLong = unread('over 8192 characters in the pod');

  it('B70, B79: is longer than the limit, and names the client', () => {
    expect(read(call.padEnd(maxParsedText))).toMatchObject([{ kind: 'run' }]);
    expect(read(call.padEnd(maxParsedText + 1))).toEqual(tooLong);
    expect(read("bit''fusion ".padEnd(maxParsedText + 1))).toEqual(tooLong);
    expect(read("$'\\x62itfusion' ".padEnd(maxParsedText + 1))).toEqual(tooLong);
    expect(read('python x '.padEnd(maxParsedText + 1))).toBeUndefined();
    expect(argumentsFault('p x'.padStart(maxParsedText))).toBeUndefined();
    expect(argumentsFault('p x'.padStart(maxParsedText + 1))).toEqual({
      code: 'UNREAD',
      ending: 'p x'.padStart(40),
    });
  });

  it('B70, B79: comes after others that have used up the budget they share', () => {
    const budget = new TextBudget();
    expect(read(call.padEnd(maxParsedText / 2), budget)).toMatchObject([{ kind: 'run' }]);
    expect(read(call.padEnd(maxParsedText / 2), budget)).toMatchObject([{ kind: 'run' }]);
    expect(read(call, budget)).toEqual(tooLong);
    expect(argumentsFault('p x', budget)).toMatchObject({ code: 'UNREAD' });
  });

  it('B70, B79: is within another one of more than half the budget', () => {
    const inner = call.padEnd(maxParsedText / 2);
    expect(read(`sh -c '${inner}'; bitfusion health`)).toEqual([
      ...(tooLong as object[]),
      { kind: 'other', subcommand: 'health' },
    ]);
  });

  it('B79: stands in more shells than are followed', () => {
    let text = 'bitfusion run -n 1 x';
    for (let depth = 0; depth < 5; depth += 1) text = `bash -c ${JSON.stringify(text)}`;
    expect(read(text)).toEqual(unread('more than 4 shells deep'));
  });

  it('B70, B79: nests deeper than the parser can follow', () => {
    expect(read(`bitfusion health; ${'f() '.repeat(1900)}`)).toEqual(unread('nested too deep'));
  });

  it('B70, B79: stands behind more words than are looked at', () => {
    const start = (count: number): readonly string[] => Array.from({ length: count }, () => 'env');
    const call = ['bitfusion', 'run', '-n', '1', 'x'];
    expect(readClientUse({ command: [...start(9990), ...call] })?.calls).toMatchObject([{ kind: 'run' }]);
    expect(readClientUse({ command: [...start(10_000), ...call] })?.calls).toEqual(
      unread('over 10000 words'),
    );
  });

  it('B70: "$@" is as many words as the budget has left', () => {
    const words = Array.from({ length: maxParsedText }, () => '-n');
    const use = readClientUse({ command: ['sh', '-c', 'bitfusion run "$@" x', 'sh', ...words] });
    expect(use?.calls).toMatchObject([{ kind: 'unreadable', text: 'bitfusion run "$@" x' }]);
  });
});
