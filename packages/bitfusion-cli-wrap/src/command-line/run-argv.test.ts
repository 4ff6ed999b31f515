import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientArgv, healthArgv, listGpusArgv, releaseGpusArgv, requestGpusArgv } from './pool-argv.ts';
import { readRunArgv } from './client-call.ts';
import { runArgv } from './run-argv.ts';

describe('runArgv', () => {
  it('B30: a whole GPU has neither -p nor -m', () => {
    const argv = runArgv({
      binary: '/usr/local/bin/bitfusion',
      amount: '2',
      command: ['python', 'train.py'],
    });
    expect(argv).toEqual(['/usr/local/bin/bitfusion', 'run', '-n', '2', '--', 'python', 'train.py']);
  });

  it('B30: part of each GPU, filters, then the program behind --', () => {
    const filters = ['server.addr=192.0.2.7', 'device.memory>=16000'];
    const argv = runArgv({
      binary: 'bitfusion',
      amount: '1',
      partial: '0.07',
      filters,
      command: ['a b', '-n', ''],
    });
    expect(argv).toEqual(
      'bitfusion|run|-n|1|-p|0.07|--filter|server.addr=192.0.2.7|--filter|device.memory>=16000|--|a b|-n|'.split(
        '|',
      ),
    );
  });

  it('B30: MiB of each GPU, and the servers to ask', () => {
    const argv = runArgv({
      binary: 'bitfusion',
      amount: '1',
      memory: '7630',
      serverList: 'h:1',
      command: ['x'],
    });
    expect(argv).toEqual(['bitfusion', 'run', '--server_list', 'h:1', '-n', '1', '-m', '7630', '--', 'x']);
  });

  it('B53: what is written is read back, whatever the program’s words are', () => {
    // Kubernetes' own escape is the one thing that the reader undoes.
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('$'));
    fc.assert(
      fc.property(
        word,
        fc.option(word, { nil: undefined }),
        fc.array(word),
        fc.array(word),
        (amount, partial, filters, command) => {
          const argv = runArgv({
            binary: 'bitfusion',
            amount,
            ...(partial !== undefined && { partial }),
            filters,
            command,
          });
          const literal = (text: string): object => ({ kind: 'literal', text });
          expect(readRunArgv(argv)).toEqual({
            kind: 'run',
            subcommand: 'run',
            flags: {
              amount: literal(amount),
              ...(partial !== undefined && { partial: literal(partial) }),
              filters: filters.map(literal),
              program: command.map(literal),
            },
          });
        },
      ),
    );
  });
});

describe('the other sub-commands', () => {
  it.each([
    [requestGpusArgv({ binary: 'b', amount: '1', memory: '2048' }), 'b request_gpus -n 1 -m 2048'],
    [releaseGpusArgv('b'), 'b release_gpus'],
    [releaseGpusArgv('b', '/tmp/bitfusion1'), 'b release_gpus -f /tmp/bitfusion1'],
    [clientArgv('b', ['python3', '-c', 'x']), 'b client -- python3 -c x'],
    [listGpusArgv('b'), 'b list_gpus'],
    [healthArgv('b'), 'b health'],
  ])('§8: %j', (argv, words) => {
    expect(argv.join(' ')).toBe(words);
  });
});
