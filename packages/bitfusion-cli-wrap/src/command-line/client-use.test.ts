import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClientUse } from './client-use.ts';
import type { Word } from './word.ts';

const text = 'bitfusion run -n 1 -p 0.5 -- python x';
const say = (word: Word | undefined): string =>
  word === undefined ? '' : `${word.kind[0] ?? ''}:${word.text}`;

/** The calls in shell text, in short: `run l:1`, `health`, `unreadable`. */
function callsIn(shellText: string): string[] {
  const use = readClientUse({ command: ['/bin/sh', '-c', shellText] });
  return (use?.calls ?? []).map((call) => {
    if (call.kind === 'run') return `run ${say(call.flags.amount)}`;
    return call.kind === 'other' ? call.subcommand : 'unreadable';
  });
}

describe('readClientUse: where the client is', () => {
  it.each([
    [{ command: ['bitfusion', 'run', '-n', '1', 'x'] }, 'argv', 0],
    [{ args: ['bitfusion', 'run', '-n', '1', 'x'] }, 'argv', 0],
    [{ command: ['/bitfusion/p/usr/bin/bitfusion'], args: ['run', '-n', '1'] }, 'argv', 0],
    [
      { command: ['env', '-u', 'A', 'B=1', 'timeout', '-k', '1', '5'], args: ['bitfusion', 'health'] },
      'argv',
      8,
    ],
    [{ command: [text] }, 'command-text', 0],
    [{ args: [text] }, 'args-text', 0],
    [{ command: ['/bin/bash', '-c', text] }, 'command-text', 2],
    [{ args: ['/bin/bash', '-c', text] }, 'args-text', 2],
    [{ command: ['sh', '-c'], args: [text] }, 'args-text', 0],
    [{ command: ['sh'], args: ['-c', text] }, 'args-text', 1],
    [{ command: ['/bin/sh', '-ec', text, 'name'] }, 'command-text', 2],
    [{ command: ['bash', '-e', '-o', 'pipefail', '-c', text] }, 'command-text', 5],
    [{ command: ['bash', '-eo', 'pipefail', '-c', text] }, 'command-text', 4],
    [{ command: ['bash', '-c', '-e', '--', text] }, 'command-text', 4],
    [{ command: ['bash', '--login', '--rcfile', 'x', '+e', '-lc', text] }, 'command-text', 6],
    [{ command: ['busybox', 'sh', '-c', text] }, 'command-text', 3],
    [{ command: ['tini', '-s', '--', 'bash', '-c', text] }, 'command-text', 5],
    [{ command: ['bash', '-c', "bit''fusion run -n 1 x"] }, 'command-text', 2],
    [{ command: ['bash', '-c', 'bit\\fusion run -n 1 x'] }, 'command-text', 2],
  ])('B33: %j', (container, where, index) => {
    expect(readClientUse(container)).toMatchObject({ where, index });
  });

  it.each([
    [{}],
    [{ command: [], args: [] }],
    [{ command: ['python', 'bitfusion', 'run'] }],
    [{ command: ['bitfusion-x', 'run', '-n', '1'] }],
    [{ command: ['python train.py'], args: ['bitfusion', 'run'] }],
    [{ command: ['bash', 'script.sh', '-c', text] }],
    [{ command: ['bash', '-c'] }],
    [{ command: ['bash', '-e', text] }],
    [{ command: ['command', '-v', 'bitfusion'] }],
    [{ command: ['timeout', '5'] }],
    [{ command: ['echo', text] }],
  ])('B33: %j does not run it', (container) => {
    expect(readClientUse(container)).toBeUndefined();
  });
});

describe('readClientUse: the client as a command word of shell text', () => {
  it.each([
    'bitfusion run -n 1 x',
    'cd /x && bitfusion run -n 1 x',
    'a; bitfusion run -n 1 x',
    'a\nbitfusion run -n 1 x',
    'a | bitfusion run -n 1 x',
    'a || bitfusion run -n 1 x &',
    '(bitfusion run -n 1 x)',
    '{ bitfusion run -n 1 x; }',
    '! bitfusion run -n 1 x',
    'if bitfusion run -n 1 x; then :; fi',
    'for i in 1 2; do bitfusion run -n 1 x; done',
    'while :; do bitfusion run -n 1 x; done',
    'case a in a) bitfusion run -n 1 x;; esac',
    'f() { bitfusion run -n 1 x; }; f',
    'echo "$(bitfusion run -n 1 x)"',
    'echo `bitfusion run -n 1 x`',
    'diff <(bitfusion run -n 1 x) /dev/null',
    'exec bitfusion run -n 1 x',
    'A=1 B=2 bitfusion run -n 1 x',
    'env A=1 bitfusion run -n 1 x',
    'nohup bitfusion run -n 1 x &',
    'time bitfusion run -n 1 x',
    'time -p bitfusion run -n 1 x',
    'timeout 5 bitfusion run -n 1 x',
    'timeout -s TERM --kill-after=1 5 bitfusion run -n 1 x',
    'nice -n 5 stdbuf -oL bitfusion run -n 1 x',
    'sudo -u me -E bitfusion run -n 1 x',
    '/usr/local/bin/bitfusion run -n 1 x',
    '"$BF"/bin/bitfusion run -n 1 x',
    'bit"fu"sion run -n 1 x',
    'bitfusion \\\n  run \\\n  -n 1 x',
    '>log 2>&1 bitfusion run -n 1 x',
    'bash -c "bitfusion run -n 1 x"',
    'eval "bitfusion run" -n 1 x',
    'echo "$(bash -c \'exec bitfusion run -n 1 x\')"',
    'cat <<E\n$(bitfusion run -n 1 x)\nE',
  ])('B33: %j runs it', (shellText) => {
    expect(callsIn(shellText)).toEqual(['run l:1']);
  });

  it.each([
    '# bitfusion run -n 1 x',
    'a # bitfusion run -n 1 x',
    'echo bitfusion run -n 1 x',
    'echo "bitfusion run -n 1 x"',
    "echo '$(bitfusion run -n 1 x)'",
    'cat <<E\nbitfusion run -n 1 x\nE',
    "cat <<'E'\n$(bitfusion run -n 1 x)\nE",
    'bitfusion-x run -n 1 x',
    'xbitfusion run -n 1 x',
    'which bitfusion',
    'command -v bitfusion run',
    '[ -x /usr/bin/bitfusion ]',
    'bitfusion=1 python x',
    'for bitfusion in run; do a; done',
    'case bitfusion in run) a;; esac',
    'a > bitfusion',
    'python -c "bitfusion run -n 1 x"',
    '$BITFUSION run -n 1 x',
  ])('B33: %j does not', (shellText) => {
    expect(callsIn(shellText)).toEqual([]);
  });

  it('B33: every call, in order', () => {
    expect(
      callsIn('bitfusion health && bitfusion run -n 1 a; bitfusion run --bad b | bitfusion list_gpus'),
    ).toEqual(['health', 'run l:1', 'unreadable', 'list_gpus']);
  });
});

describe('readClientUse: what is known of a word', () => {
  it.each([
    ['-n 2', 'l:2'],
    ["-n '2'", 'l:2'],
    ["-n $'\\x32'", 'l:2'],
    ['-n $N', 'v:$N'],
    ['-n ${N}', 'v:${N}'],
    ['-n "$N"', 'v:"$N"'],
    ['-n"$N"', 'v:$N'],
    ['-n ${N:-1}', 'u:${N:-1}'],
    ['-n ${#N}', 'u:${#N}'],
    ['-n $1', 'u:$1'],
    ['-n $?', 'u:$?'],
    ['-n 1$N', 'u:1$N'],
    ['-n $((1+1))', 'u:$((1+1))'],
    ['-n `nproc`', 'u:`nproc`'],
    ['-n $(nproc --all)', 'u:$(nproc --all)'],
    ['-n {1,2}', 'u:{1,2}'],
    ['-n [1]', 'u:[1]'],
    ['-n ~', 'u:~'],
  ])('B33: %s', (words, expected) => {
    expect(callsIn(`bitfusion run ${words} -- x`)).toEqual([`run ${expected}`]);
  });

  it('B33: a variable that the text itself sets is not the environment’s', () => {
    for (const setting of [
      'N=8',
      'export N=8',
      'read N',
      'for N in 8',
      ': ${N:=8}',
      '(( N = 8 ))',
      'unset N',
    ]) {
      const rest = setting.startsWith('for') ? `do bitfusion run -n $N x; done` : 'bitfusion run -n $N x';
      expect(callsIn(`${setting}; ${rest}`)).toEqual(['run u:$N']);
    }
    expect(callsIn('M=8; bitfusion run -n $N x')).toEqual(['run v:$N']);
  });

  it('B33: Kubernetes’ reference, and its escape, come before the shell', () => {
    expect(callsIn('bitfusion run -n $(N) x')).toEqual(['run v:$(N)']);
    expect(callsIn('bitfusion run -n "$(N)" x')).toEqual(['run v:"$(N)"']);
    expect(callsIn("bitfusion run -n '$(N)' x")).toEqual(["run v:'$(N)'"]);
    expect(callsIn('bitfusion run -n $$(N) x')).toEqual(['run u:$(N)']);
    expect(callsIn('bitfusion run -n $$N x')).toEqual(['run v:$N']);
    expect(callsIn('echo $(A); bitfusion run -n 1$(N) x')).toEqual(['run u:1$(N)']);
  });

  it('B33: a variable reaches the text of an inner shell', () => {
    expect(callsIn('bash -c "bitfusion run -n $N -- x"')).toEqual(['run v:$N']);
    expect(callsIn('bash -c "N=1; bitfusion run -n \\$N -- x"')).toEqual(['run u:$N']);
  });

  it('B31: args follow a one-element text', () => {
    const use = readClientUse({
      command: ['cd /x; exec bitfusion run'],
      args: ['-n', '3', '--', 'a b', '$(X)'],
    });
    expect(use?.calls).toMatchObject([
      { kind: 'run', flags: { amount: { text: '3' }, program: [{ text: 'a b' }, { name: 'X' }] } },
    ]);
  });

  it('B33: the words behind a shell’s text are its "$@"', () => {
    const use = readClientUse({ command: ['sh', '-c', 'bitfusion run "$@"', 'sh', '-n', '2'], args: ['x'] });
    expect(use?.calls).toMatchObject([
      { kind: 'run', flags: { amount: { text: '2' }, program: [{ text: 'x' }] } },
    ]);
  });
});

describe('readClientUse: any text', () => {
  it.each([
    'bitfusion run -n 1 "',
    'if bitfusion health',
    '((((',
    '$(',
    '`',
    "$'",
    'a <<E',
    '\uE000\uF8FF $(N)',
    '}'.repeat(500),
    '('.repeat(5000),
  ])('B33: %j does not throw', (shellText) => {
    expect(() => readClientUse({ command: ['sh', '-c', shellText] })).not.toThrow();
  });

  it('B33: no text throws', () => {
    const token = fc.constantFrom(
      ...'bitfusion|run|-n|1|$(|)|`|"|\'|\\|$X|${|}|{|;|&&|| |\n|#|<<E|E|>|if|fi|for|in|do|done|case|esac|((|))|[[|]]|\uE000|$$|eval|bash|-c'.split(
        '|',
      ),
      '|',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 25 }), fc.string(), (tokens, tail) => {
        readClientUse({ command: ['sh', '-c', tokens.join('') + tail] });
        readClientUse({ command: [tokens.join(' ')], args: [tail] });
      }),
      { numRuns: 2000 },
    );
  });

  it('B33: a text that uses the whole private area is still read', () => {
    const all = String.fromCharCode(
      ...Array.from({ length: 0xf8ff - 0xe000 + 1 }, (_, index) => 0xe000 + index),
    );
    expect(callsIn(`echo ${all}; bitfusion run -n $(N) x`)).toEqual(['run u:$(N)']);
  });
});
