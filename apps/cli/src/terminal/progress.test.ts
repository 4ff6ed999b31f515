import { expect, it } from 'vitest';

import { progressOn } from './progress.ts';

function shown(isTTY: boolean, steps: readonly number[], env: Record<string, string> = {}): string {
  let written = '';
  let time = 0;
  const stderr = { isTTY, write: (text: string) => void (written += text) };
  const progress = progressOn({ stderr, env, now: () => time });
  for (const step of steps) {
    time = step;
    progress.step(`at ${step}`);
  }
  progress.done();
  return written;
}

it('§8: what takes over a second has a line on a terminal, which goes again', () => {
  expect(shown(true, [0, 999, 1000, 2000])).toBe('\r\u001B[Kat 1000 …\r\u001B[Kat 2000 …\r\u001B[K');
});

it('§8: what is quick, or is piped, has none', () => {
  expect(shown(true, [0, 999])).toBe('');
  expect(shown(false, [0, 5000])).toBe('');
  expect(shown(true, [0, 5000], { TERM: 'dumb' })).toBe('');
});
