import { expect, it } from 'vitest';
import { readClientUse, runArgv } from './index.ts';

it('§8: the README’s first example', () => {
  expect(
    runArgv({ binary: 'bitfusion', amount: '1', partial: '0.5', command: ['python', 'train.py'] }),
  ).toEqual(['bitfusion', 'run', '-n', '1', '-p', '0.5', '--', 'python', 'train.py']);
  const text = 'cd /x && bitfusion run -n $N -- python train.py';
  expect(readClientUse({ command: ['bash', '-c', text] })?.calls).toMatchObject([
    { kind: 'run', flags: { amount: { kind: 'variable', name: 'N' }, program: { length: 2 }, filters: [] } },
  ]);
});
