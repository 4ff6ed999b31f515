import { describe, expect, it } from 'vitest';
import { type ClientCall, readRunArgv } from './client-call.ts';

/** The call in short: `n=1 p=0.5 | python x`, variables as `<NAME>`, what is not known as `?text`. */
function short(call: ClientCall | undefined): string {
  if (call === undefined) return 'none';
  if (call.kind === 'other') return `other ${call.subcommand}`;
  if (call.kind === 'unreadable' || call.kind === 'unread') return `${call.kind}: ${call.reason}`;
  const { amount, partial, memory, filters, program } = call.flags;
  const say = (word: typeof amount): string => {
    if (word === undefined) return '';
    return word.kind === 'literal'
      ? word.text
      : word.kind === 'variable'
        ? `<${word.name}>`
        : `?${word.text}`;
  };
  const given = [
    amount && `n=${say(amount)}`,
    partial && `p=${say(partial)}`,
    memory && `m=${say(memory)}`,
    ...filters.map((filter) => `f=${say(filter)}`),
  ].filter((part) => part !== undefined);
  return `${given.join(' ')} | ${program.map(say).join('·')}`;
}

describe('readRunArgv', () => {
  it.each([
    // As seen in public use.
    [
      'bitfusion run -n 1 -p 0.2 /usr/bin/node /var/www/index.js --port 3000',
      'n=1 p=0.2 | /usr/bin/node·/var/www/index.js·--port·3000',
    ],
    ['bitfusion run -n 1 -p 0.3 nvidia-smi', 'n=1 p=0.3 | nvidia-smi'],
    ['bitfusion run -n 1 python bgrl_main.py --pf1 0.2 -p 3', 'n=1 | python·bgrl_main.py·--pf1·0.2·-p·3'],
    ['bitfusion run --server_list 172.16.31.247:56001 -n 1 -p 0.5 -- python', 'n=1 p=0.5 | python'],
    ['bitfusion run -n 1 -- bash', 'n=1 | bash'],
    // Every form that pflag takes.
    ['bitfusion run -n2 x', 'n=2 | x'],
    ['bitfusion run -n=2 x', 'n=2 | x'],
    ['bitfusion run --num_gpus 2 x', 'n=2 | x'],
    ['bitfusion run --num_gpus=2 --partial=0.5 x', 'n=2 p=0.5 | x'],
    ['bitfusion run --memory=2048 --num_gpus=1 x', 'n=1 m=2048 | x'],
    ['bitfusion run -n 1 -m2048 x', 'n=1 m=2048 | x'],
    ['bitfusion run -n 1 --filter a=b --filter=c>=4 x', 'n=1 f=a=b f=c>=4 | x'],
    ['bitfusion run -n 1 -l h:1 --server_list=h:2 x', 'n=1 | x'],
    ['bitfusion run -n 1 -n 2 x', 'n=2 | x'],
    ['bitfusion run -n 1 -p 0.5 -m 5 x', 'n=1 p=0.5 m=5 | x'],
    ['bitfusion run -n -1 x', 'n=-1 | x'],
    ['bitfusion run -n 1 -', 'n=1 | -'],
    ['bitfusion run -n 1 -- -- x', 'n=1 | --·x'],
    ['bitfusion run -n 1', 'n=1 | '],
    ['bitfusion run', ' | '],
    ['/usr/local/bin/bitfusion run -n 1 x', 'n=1 | x'],
    ['../bitfusion run -n 1 x', 'n=1 | x'],
    // Kubernetes' references.
    ['bitfusion run -n $(N) -p $(P) -- $(X) a$(X)', 'n=<N> p=<P> | <X>·?a$(X)'],
    ['bitfusion run -n$(N) --partial=$(P) --filter=a=$(F) x', 'n=<N> p=<P> f=?a=$(F) | x'],
    ['bitfusion run -n $$(N) -- $$(X) $$$(X) $X', 'n=$(N) | $(X)·?$$$(X)·$X'],
    ['bitfusion run -n $(N -- x', 'n=$(N | x'],
    // Not readable.
    ['bitfusion run -n', 'unreadable: option -n lacks its value'],
    ['bitfusion run -n 1 -x x', 'unreadable: option -x is not known'],
    ['bitfusion run -n 1 --gpus=2 x', 'unreadable: option --gpus=2 is not known'],
    ['bitfusion run -n 1 $(CMD)', 'unreadable: $(CMD) may hold further options; put -- before the program'],
    ['bitfusion run -n 1 --$(O) x', 'unreadable: option --$(O) is not known'],
    ['bitfusion run -n 1 --filter$(O) x', 'unreadable: option --filter$(O) is not known'],
    ['bitfusion $(SUB) -n 1', 'unreadable: the sub-command $(SUB) is not known before it runs'],
    ['bitfusion --debug run -n 1', 'unreadable: option --debug before run is not known'],
    // Other sub-commands, other programs.
    ['bitfusion health', 'other health'],
    ['bitfusion list_gpus', 'other list_gpus'],
    ['bitfusion client -- run -n 1', 'other client'],
    ['bitfusion run --help', 'other help'],
    ['bitfusion --version', 'other --version'],
    ['bitfusion', 'other '],
    ['bitfusion-x run -n 1 x', 'none'],
    ['/opt/bitfusion/run -n 1', 'none'],
    ['env bitfusion run -n 1 x', 'none'],
    ['$(DIR)/bitfusion run -n 1 x', 'n=1 | x'],
    ['$(DIR)bitfusion run -n 1 x', 'none'],
  ])('B53: %s', (text, expected) => {
    expect(short(readRunArgv(text.split(' ')))).toBe(expected);
  });

  it('B53: a program in one quoted word stays one word', () => {
    const call = readRunArgv([
      'bitfusion',
      'run',
      '-n',
      '1',
      '/usr/bin/python3 -m ipykernel_launcher -f {connection_file}',
    ]);
    expect(short(call)).toBe('n=1 | /usr/bin/python3 -m ipykernel_launcher -f {connection_file}');
  });

  it('B53: an empty argv is none, an empty word is a program', () => {
    expect(readRunArgv([])).toBeUndefined();
    expect(short(readRunArgv(['bitfusion', 'run', '-n', '', '']))).toBe('n= | ');
  });
});
