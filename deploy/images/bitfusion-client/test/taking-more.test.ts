import { describe, expect, it } from 'vitest';
import { limitedContainer, runScript, type Variables } from './limited-container.ts';
import { shells } from './shells.ts';

const [shell] = shells;
if (shell === undefined) throw new Error('this machine has no POSIX shell');

const half = { BITFUSION_GPU_AMOUNT: '1', BITFUSION_GPU_PARTIAL: '0.5' };
const memory = {
  BITFUSION_GPU_AMOUNT: '2',
  BITFUSION_GPU_MEMORY: '8000000000',
  BITFUSION_GPU_MEMORY_FLAG: '7630',
};
const one = { BITFUSION_GPU_AMOUNT: '1' };

/** Options behind `bitfusion run`, which all take more than was requested, or cannot be read. */
const options: readonly (readonly [Variables, readonly string[]])[] = [
  [
    one,
    [
      '-n 2',
      '-n2',
      '-n=2',
      '--num_gpus 2',
      '--num_gpus=2',
      '-n 1 -n 2',
      '-n 1 --num_gpus 2',
      '-n 0x2',
      '-n 02',
      '-n 010',
      '-n +2',
      '-n 1_0',
      '-n 99999999999999999999',
      "-n '2 '",
      '-n -1',
      '-n 0',
      '',
      '--num_gpus=',
      "-n ''",
      '-n 1.5',
      '-n 1 -p 1.5',
      '-n 1 -p 2e0',
      '-n 1 -p Inf',
      '-n 1 -p NaN',
      '-n 1 -p 0x1p1',
      '-n 1 -p 1,5',
      '-n 1 -p 1..5',
      '-n 1 -p -1',
      '-n 1 -p 0',
      '-n 1 -m 99999999',
      '-n 1 -m 0x7fff',
      '-n 1 -p 0.5 -m 100',
      '-n 2 -p 0.6',
      '-n 3 -p 0.4',
      '-n 2 -p.51',
      '-n 2 -p=.51',
      '-n 2 --partial=.51',
      '-l 192.0.2.1:56001 -n 2',
      '--server_list=192.0.2.1:56001 -n 2',
      '--filter a=b -n 2',
      '--timeout 5 -n 2',
      '--num-gpus 2',
      '-N 2',
      '-ln 2',
      '-n 2 --',
      "-n '1\n2'",
      '-n ２',
      `-n 1 -p 0.${'9'.repeat(100)}`,
      '-p -n 2',
      '-n 1 --partial',
    ],
  ],
  [
    half,
    [
      '-n 1',
      '-n 1 -p 0.51',
      '-n 1 -p 0.500000000001',
      '-n 2 -p 0.26',
      '-n 1 -m 7630',
      '-n 2 -m 3816',
      '-n 1 -m 15000',
    ],
  ],
  [
    memory,
    [
      '-n 2 -m 7631',
      '-n 1 -m 15261',
      '-n 3 -m 7630',
      '-n 2',
      '-n 2 -p 0.51',
      '-n 4 -p 0.26',
      '-n 1 -m 20000',
    ],
  ],
  [{ BITFUSION_GPU_AMOUNT: '' }, ['-n 1', '-n 1 -p 0.01', '-n 1 -m 1']],
  [{ BITFUSION_GPU_AMOUNT: 'many' }, ['-n 1']],
  [{ BITFUSION_GPU_AMOUNT: '1', BITFUSION_GPU_PARTIAL: '9' }, ['-n 1']],
];

/** Scripts of a container with one GPU that call the client in ways that no manifest shows. */
const scripts: readonly string[] = [
  'bitfusion --verbose run -n 2 echo TAKEN',
  'bitfusion --config x run -n 2 echo TAKEN',
  'bitfusion request_gpus -n 2 && echo TAKEN',
  'bitfusion request_gpus 2 && echo TAKEN',
  'bitfusion request_gpus 1 -n 2 && echo TAKEN',
  'bitfusion --verbose request_gpus -n 2 && echo TAKEN',
  'CMD="bitfusion run -n 2"; $CMD echo TAKEN',
  'eval "bitfusion run -n 2 echo TAKEN"',
  'exec bitfusion run -n 2 echo TAKEN',
  'echo "run -n 2 echo TAKEN" | xargs bitfusion',
  'find . -maxdepth 0 -exec bitfusion run -n 2 echo TAKEN \\;',
  'env -i HOME="$HOME" PATH="$PATH" bitfusion run -n 1 echo TAKEN',
  'env -u BITFUSION_GPU_AMOUNT bitfusion run -n 1 echo TAKEN',
  'BWKI_RUN=run.share-1000000000000.1.1 bitfusion run -n 2 echo TAKEN',
  'ENFORCE=off bwki_enforce=off bitfusion run -n 2 echo TAKEN',
  'bwki_gpu_memory=1 bwki_gpus=9 bitfusion run -n 2 echo TAKEN',
  'TMPDIR=/nowhere bitfusion run -n 2 echo TAKEN',
  'ln -s "$(command -v bitfusion)" other; ./other run -n 2 echo TAKEN',
  'cp "$(command -v bitfusion)" copy; ./copy run -n 2 echo TAKEN',
  'sh <<END\nbitfusion run -n 2 echo TAKEN\nEND',
  'nice bitfusion run -n 2 echo TAKEN',
  'timeout 9 bitfusion run -n 2 echo TAKEN',
  'setsid -w bitfusion run -n 2 echo TAKEN',
  'awk \'BEGIN { system("bitfusion run -n 2 echo TAKEN") }\'',
  "perl -e 'exec qw(bitfusion run -n 2 echo TAKEN)'",
  "trap 'bitfusion run -n 2 echo TAKEN' EXIT; exit",
  'f() { bitfusion "$@"; }; f run -n 2 echo TAKEN',
  'bitfusion run -n 1 -- bitfusion run -n 2 echo TAKEN',
  'bitfusion run -n 1 -p 0.5 -- bitfusion run -n 1 echo TAKEN',
  'bitfusion run -n 1 -- env -i HOME="$HOME" PATH="$PATH" bitfusion run -n 2 echo TAKEN',
  'bitfusion run -n 1 -- bitfusion request_gpus -n 1 && echo TAKEN',
  'hold bitfusion run -n 1; bitfusion request_gpus -n 1 && echo TAKEN',
  'hold bitfusion run -n 1 -p 0.6; bitfusion run -n 1 -p 0.6 echo TAKEN',
  'hold bitfusion run -n 1; (bitfusion run -n 1 echo TAKEN)',
  'hold bitfusion run -n 1; unset BWKI_RUN; cp -r "$HOME" h; HOME=$PWD/h bitfusion run -n 1 echo TAKEN',
];

describe('ways to take more than was requested', { timeout: 300_000 }, () => {
  it('are at least 86', () => {
    const total = scripts.length + options.reduce((sum, [, list]) => sum + list.length, 0);
    expect(total).toBeGreaterThanOrEqual(86);
  });

  it.each(options)('B80: options against %j are refused', async (request, list) => {
    const container = await limitedContainer(shell, { request, args: ['--gpu-memory=16000000000'] });
    const script = list
      .map(
        (text, index) =>
          `bitfusion run ${text} echo TAKEN ${index}; [ $? -eq 126 ] || echo "status ${index}"`,
      )
      .join('\n');
    const outcome = await runScript(container, script);
    expect(outcome.stdout).toBe('');
    expect(outcome.said).toHaveLength(list.length);
  });

  it.each(scripts)('B80: %s', async (script) => {
    const container = await limitedContainer(shell, { request: one });
    const outcome = await runScript(container, script);
    expect(outcome.stdout).not.toContain('TAKEN');
    expect(outcome.said).toHaveLength(1);
  });
});
