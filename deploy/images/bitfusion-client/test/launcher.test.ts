import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exit42, elfMachines, elfProgram, isGlibcProgram } from './elf.ts';
import { endGroup, launch, populatedPod, start } from './populated-pod.ts';
import { findProgram, shells } from './shells.ts';

const printArguments = '#!/bin/sh\nprintf "%s\\0" "$@"\n';
/** Given `/proc/self/environ` it prints these bytes and its environment: no shell comes between. */
const printEnvironment = `#!${findProgram('cat') ?? '/bin/cat'}\n`;
const printLibraryPath = '#!/bin/sh\nprintf %s "$LD_LIBRARY_PATH"\n';

/** In small steps: a shell runs its traps between commands. */
const waitFiveSeconds = 'i=0; while [ $((i += 1)) -le 500 ]; do sleep 0.01; done';

/** This machine's `sh`, when it is a dynamically linked program: as a client it does what its input says. */
const dynamicShell = realpathSync(findProgram('sh') ?? '/bin/sh');

describe.each(shells)('launcher under $name', (shell) => {
  it("B36: the client takes the launcher's place: its process, its output, its status", async () => {
    const pod = populatedPod(shell, '#!/bin/sh\necho "$$ $*"\nexit 7\n');
    const child = start(pod, ['run', '-n', '1'], { BITFUSION_GPU_AMOUNT: '1' });
    const output = child.stdout === null ? '' : text(child.stdout);
    const [status] = (await once(child, 'close')) as [number | null];
    expect(await output).toBe(`${String(child.pid)} run -n 1\n`);
    expect(status).toBe(7);
  });

  it('B36: the name inside the package works as well', () => {
    const pod = populatedPod(shell, printArguments);
    const beside = join(pod.client, '..', 'bitfusion');
    expect(launch({ ...pod, launcher: beside }, ['health']).stdout).toBe('health\0');
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGUSR1'] as const)('B36: %s reaches the client', async (signal) => {
    const name = signal.slice('SIG'.length);
    const pod = populatedPod(
      shell,
      `#!/bin/sh\ntrap 'echo got ${name}; exit 3' ${name}\necho ready\n${waitFiveSeconds}\n`,
    );
    const child = start(pod, []);
    child.stdout?.once('data', () => child.kill(signal));
    const output = child.stdout === null ? '' : text(child.stdout);
    const [status] = (await once(child, 'exit')) as [number | null];
    // A client that is not the launcher's own process got no signal, and would keep the output open.
    endGroup(child);
    expect(await output).toBe(`ready\ngot ${name}\n`);
    expect(status).toBe(3);
  });

  it('B36: arguments arrive byte for byte', () => {
    const pod = populatedPod(shell, printArguments);
    const argument = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(' ', '\n', '\t', "'", '"', '\\', '$', '`', '*', '!', '-', '\u0081', 'é', '𝕏'),
      }),
    );
    const list = fc.array(
      argument.map((s) => s.replaceAll('\0', '')),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(list, (args) => {
        const expected = args.length === 0 ? '\0' : args.map((s) => `${s}\0`).join('');
        expect(launch(pod, args)).toMatchObject({ status: 0, stderr: '', stdout: expected });
      }),
      { numRuns: 40 },
    );
  });

  it('B36: standard input is left to the client', () => {
    const pod = populatedPod(shell, '#!/bin/sh\nexec cat\n');
    expect(launch(pod, [], { input: 'one\ntwo' }).stdout).toBe('one\ntwo');
  });

  it('B36: the environment stays as it is, with names that no shell has', () => {
    const pod = populatedPod(shell, printEnvironment);
    const environment = {
      'app.mode': 'x=1\n y\n\n',
      '9lives': '',
      'a b-c': "it's $HOME",
      '-u': 'not an option',
      trick: 'first\nfoo.bar=1',
      client: 'mine',
      'odd.bytes': '\u0001a\u0002\n\u0001b\u0002n\u0001\n\u0002',
    };
    const output = launch(pod, ['/proc/self/environ'], { environment }).stdout;
    const entries = output.slice(printEnvironment.length).split('\0').slice(0, -1);
    const seen = Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
    // What shells themselves set for those that they start.
    for (const name of ['_', 'PWD', 'OLDPWD', 'SHLVL']) Reflect.deleteProperty(seen, name);
    expect(seen).toEqual({ ...pod.environment, ...environment, LD_LIBRARY_PATH: pod.library });
  });

  it.each([
    ['unset', undefined, ''],
    ['empty', '', ''],
    ['one directory', '/usr/lib', ':/usr/lib'],
    [
      'several',
      '/usr/local/nvidia/lib:/usr/local/nvidia/lib64',
      ':/usr/local/nvidia/lib:/usr/local/nvidia/lib64',
    ],
    ['blanks and signs of the shell', '/a dir:/$HOME/*', ':/a dir:/$HOME/*'],
    ["an image's own open end", '/usr/lib:', ':/usr/lib:'],
  ])('B37: LD_LIBRARY_PATH, when it was %s', (_, before, after) => {
    const pod = populatedPod(shell, printLibraryPath);
    const environment = before === undefined ? {} : { LD_LIBRARY_PATH: before };
    expect(launch(pod, [], { environment }).stdout).toBe(`${pod.library}${after}`);
  });

  it('B37: a directory that is in front already is not put there again', () => {
    const pod = populatedPod(shell, printLibraryPath);
    const path = `${pod.library}:/usr/lib`;
    expect(launch(pod, [], { environment: { LD_LIBRARY_PATH: path } }).stdout).toBe(path);
    expect(launch(pod, [], { environment: { LD_LIBRARY_PATH: pod.library } }).stdout).toBe(pod.library);
  });

  it('B36: a client that is a script is started once', () => {
    const pod = populatedPod(shell, '#!/bin/sh\necho started >>starts\n');
    launch(pod, []);
    expect(readFileSync(join(pod.image.volume, 'starts'), 'utf8')).toBe('started\n');
  });

  it.runIf(isGlibcProgram(readFileSync(dynamicShell)))(
    'B36: a dynamically linked client is started once',
    () => {
      const pod = populatedPod(shell, readFileSync(dynamicShell));
      const outcome = launch(pod, [], { input: 'echo started >>starts; echo $LD_TRACE_LOADED_OBJECTS.' });
      expect(outcome).toMatchObject({ status: 0, stderr: '', stdout: '.\n' });
      expect(readFileSync(join(pod.image.volume, 'starts'), 'utf8')).toBe('started\n');
    },
  );

  it.runIf(process.arch === 'x64')('B36: a static client needs no loader', () => {
    const pod = populatedPod(shell, elfProgram({ machine: elfMachines.x86_64, code: exit42 }));
    expect(launch(pod, [])).toMatchObject({ status: 42, stderr: '' });
  });
});
