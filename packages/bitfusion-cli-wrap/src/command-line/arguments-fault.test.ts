import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ShellProbe } from '../../test/shell-probe.ts';
import { argumentsFault } from './arguments-fault.ts';
import { isShellText, trimBlanks } from './shell-text.ts';

const probe = new ShellProbe();
afterAll(() => {
  probe.remove();
});

/** What follows the text. The first one is a program itself, so that running it is told from receiving it. */
const args = ['q', 'a b', '', '*', '"'];

/** Who gets the arguments: a program of the text, each as it is and behind its own; or are they run as a program? */
function fate(text: string): 'arrive' | 'run' | 'lost' {
  const calls = probe.run(`${trimBlanks(text)} "$@"`, text, args);
  const ends = (call: readonly string[]): boolean =>
    JSON.stringify(call.slice(-args.length)) === JSON.stringify(args);
  if (calls.some((call) => call.length > args.length && ends(call))) return 'arrive';
  return calls.some(ends) ? 'run' : 'lost';
}

describe('isShellText', () => {
  it.each([
    [['python train.py'], true],
    [['python\ttrain.py'], true],
    [['a\nb'], true],
    [[' python'], true],
    [['python'], false],
    [['python  \n'], false],
    [['python\u00a0x'], false],
    [['python', 'train.py'], false],
    [['a b', 'c'], false],
    [[''], false],
    [[' '], false],
    [[], false],
  ])('B31: %j is %s', (command, expected) => {
    expect(isShellText(command)).toBe(expected);
  });

  it('B31: trimming takes blanks alone, and time that grows with the text', () => {
    expect(trimBlanks(' a b \t\n ')).toBe(' a b');
    expect(trimBlanks('a\r')).toBe('a\r');
    expect(trimBlanks('a\\  ')).toBe('a\\ ');
    expect(trimBlanks('a b \\\n')).toBe('a b \\\n');
    expect(trimBlanks('a\\\\ \n')).toBe('a\\\\');
    expect(trimBlanks(`${' '.repeat(1_000_000)}x`)).toHaveLength(1_000_001);
  });
});

describe('argumentsFault: texts that arguments can follow', () => {
  it.each([
    'p x',
    'p x \n',
    'p x\\ ',
    'p x \\\n',
    'p x # not the end\np y',
    'cd . && p x',
    'q; p x',
    'q & p x',
    'q | p x',
    'false || p x',
    '! p x',
    'time p x',
    'A=1 p x',
    'exec p x',
    'p "a b" \'c\' $(q) `q` $((1+1)) ${X:-y}',
    'p $(q)',
    'p "$(q)"',
    'p `q`',
    'p `)`',
    'p x >out',
    'p x 2>&1',
    'p <<<x',
    'p "#"',
    'p a#b',
    "p ';'",
    'p \\;',
    'p \\#',
    'p \\\\',
    'p $',
    'p {',
    'p }',
    'p fi',
    'p {a,b}',
    'f() { p "$@"; }; f x',
    'if q; then q; fi; p x',
    'q <<E\nbody\nE\np x',
    'p x <<E &&\nbody\nE\np y',
    'set -e; p x',
    'p "$@"',
  ])('B31: %j', (text) => {
    expect(argumentsFault(text)).toBeUndefined();
    expect(fate(text)).toBe('arrive');
  });

  it.each(['A=1', 'A=1 B="2 3"', 'q; A=1', '>out', 'A=1 >out'])('B31: %j: they are the program', (text) => {
    expect(argumentsFault(text)).toBeUndefined();
    expect(fate(text)).toBe('run');
  });
});

describe('argumentsFault: texts that they cannot follow', () => {
  it.each([
    ['p x;', 'ENDS_IN_OPERATOR', ';'],
    ['p x ; \n', 'ENDS_IN_OPERATOR', ';'],
    ['p x &', 'ENDS_IN_OPERATOR', '&'],
    ['p x |', 'ENDS_IN_OPERATOR', '|'],
    ['p x |&', 'ENDS_IN_OPERATOR', '|&'],
    ['p x &&', 'ENDS_IN_OPERATOR', '&&'],
    ['p x ||', 'ENDS_IN_OPERATOR', '||'],
    ['p x >', 'ENDS_IN_OPERATOR', '>'],
    ['p x 2>>', 'ENDS_IN_OPERATOR', '>>'],
    ['p x <', 'ENDS_IN_OPERATOR', '<'],
    ['p x >&', 'ENDS_IN_OPERATOR', '>&'],
    ['p x &>', 'ENDS_IN_OPERATOR', '&>'],
    ['p x <<', 'ENDS_IN_OPERATOR', '<<'],
    ['p x <<-', 'ENDS_IN_OPERATOR', '<<-'],
    ['p x <<<', 'ENDS_IN_OPERATOR', '<<<'],
    ['p x && time', 'ENDS_IN_OPERATOR', 'time'],
    ['p x; !', 'ENDS_IN_OPERATOR', '!'],
    ['p x # y', 'ENDS_IN_COMMENT', '# y'],
    ['p x #', 'ENDS_IN_COMMENT', '#'],
    ['p x\n# y; z', 'ENDS_IN_COMMENT', '# y; z'],
    ['p "#" x;#y # z', 'ENDS_IN_COMMENT', '#y # z'],
    ['# all of it', 'ENDS_IN_COMMENT', '# all of it'],
    ['p "x', 'UNBALANCED', 'p "x'],
    ["p 'x", 'UNBALANCED', "p 'x"],
    ["p $'x", 'UNBALANCED', "p $'x"],
    ['p `x', 'UNBALANCED', 'p `x'],
    ['p $(x', 'UNBALANCED', 'p $(x'],
    ['p ${x', 'UNBALANCED', 'p ${x'],
    ['p x \\', 'UNBALANCED', 'p x \\'],
    ['p x\\', 'UNBALANCED', 'p x\\'],
    ['p x )', 'UNBALANCED', 'p x )'],
    ['q\np x; }', 'UNBALANCED', 'p x; }'],
    ['( p x', 'UNBALANCED', '( p x'],
    ['{ p x;', 'UNBALANCED', '{ p x;'],
    ['if q; then p x', 'UNBALANCED', 'if q; then p x'],
    ['for i in a b', 'UNBALANCED', 'for i in a b'],
    ['p (', 'UNBALANCED', 'p ('],
    ['p ( x', 'UNBALANCED', 'p ( x'],
    ['p x ;;', 'UNBALANCED', 'p x ;;'],
    ['f()', 'UNBALANCED', 'f()'],
    ['p <<E\nbody', 'UNBALANCED', 'body'],
    ['p <<E\nbody\nE', 'UNBALANCED', 'E'],
    [`p "${'x'.repeat(99)}`, 'UNBALANCED', 'x'.repeat(40)],
    ['(p x)', 'ENDS_IN_COMPOUND', ')'],
    ['( p x )', 'ENDS_IN_COMPOUND', ')'],
    ['{ p x; }', 'ENDS_IN_COMPOUND', '}'],
    ['{ p x; } >out', 'ENDS_IN_COMPOUND', '>out'],
    ['if q; then p x; fi', 'ENDS_IN_COMPOUND', 'fi'],
    ['q && while false; do p; done', 'ENDS_IN_COMPOUND', 'done'],
    ['q | while read x; do p; done', 'ENDS_IN_COMPOUND', 'done'],
    ['for i in a; do p; done', 'ENDS_IN_COMPOUND', 'done'],
    ['case a in a) p;; esac', 'ENDS_IN_COMPOUND', 'esac'],
    ['[[ -n p ]]', 'ENDS_IN_COMPOUND', ']]'],
    ['(( 1 + 1 ))', 'ENDS_IN_COMPOUND', '))'],
    ['f() { p x; }', 'ENDS_IN_COMPOUND', '}'],
  ])('B31: %j %s', (text, code, ending) => {
    expect(argumentsFault(text)).toEqual({ code, ending });
    expect(fate(text)).not.toBe('arrive');
  });

  it('B31: Kubernetes’ escapes are undone first, its references are words', () => {
    expect(argumentsFault('p $$(q)')).toBeUndefined();
    expect(argumentsFault('p $(FILE) "$(NAME)"')).toBeUndefined();
    expect(argumentsFault('p $(FILE);')).toEqual({ code: 'ENDS_IN_OPERATOR', ending: ';' });
    expect(argumentsFault('p # $(FILE) $$')).toEqual({ code: 'ENDS_IN_COMMENT', ending: '# $(FILE) $' });
  });
});

describe('argumentsFault: any text', () => {
  it('B31: what it says is what bash does', () => {
    const words = [
      'p',
      'p',
      'p x',
      'q',
      'x',
      ';',
      '&',
      '&&',
      '| ',
      '\n',
      '#',
      '"',
      "'",
      '\\',
      '(',
      ')',
      '{',
      '}',
    ];
    const more = ['if q', 'then', 'fi', '2>&1 ', ' <<E ', '\nE\n', '$(', '`', '[[', ']]', '$ ', 'f()', '>f'];
    const token = fc.constantFrom(...words, ...more);
    const separated = fc
      .tuple(token, fc.constantFrom('', ' ', ' ', ' '))
      .map(([word, blank]) => word + blank);
    const text = fc.array(separated, { minLength: 1, maxLength: 9 }).map((tokens) => `p ${tokens.join('')}`);
    fc.assert(
      fc.property(text, (shellText) => {
        // Run as a program is right where the text's own command word comes to nothing: `$(true) "$@"`.
        const fault = argumentsFault(shellText);
        expect(fate(shellText)).toSatisfy((it) => (fault === undefined ? it !== 'lost' : it !== 'arrive'));
      }),
      { numRuns: 250 },
    );
  });

  it('B31: no text throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        argumentsFault(text);
      }),
    );
  });
});
