import { describe, expect, it } from 'vitest';
import { limitedContainer, oneGpu, runScript } from './limited-container.ts';
import { shells } from './shells.ts';

const half = { BITFUSION_GPU_AMOUNT: '1', BITFUSION_GPU_PARTIAL: '0.5' };
const memory = {
  BITFUSION_GPU_AMOUNT: '2',
  BITFUSION_GPU_MEMORY: '8000000000',
  BITFUSION_GPU_MEMORY_FLAG: '7630',
};
const knownMemory = ['--gpu-memory=16000000000'];

describe.each(shells)(
  'launcher under $name, holding a container to its request',
  { timeout: 120_000 },
  (shell) => {
    it('B80: of eight runs at once one runs and seven say why', async () => {
      const container = await limitedContainer(shell);
      const outcome = await runScript(
        container,
        `for i in 1 2 3 4 5 6 7 8; do
        { bitfusion run -n 1 sh -c 'echo ran; wait_for() { until [ -e stop ]; do sleep 0.05; done; }; wait_for'
          status=$?; echo "status $status"; [ $status -ne 126 ] || echo >>refused; } &
      done
      i=0; until [ "$(cat refused 2>/dev/null | wc -l)" -ge 7 ] || [ $((i += 1)) -gt 600 ]; do sleep 0.05; done
      : >stop; wait`,
      );
      expect(outcome.stdout.split('\n').sort()).toEqual(
        ['', 'ran', 'status 0', ...Array.from({ length: 7 }, () => 'status 126')].sort(),
      );
      expect(outcome.said).toHaveLength(7);
      for (const line of outcome.said) {
        expect(line).toMatch(
          /^bitfusion: run -n 1 asks for 1 GPU; this container requested 1 GPU, and 1 GPU of it is in use by the run of process \d+: wait until that ends, or request more in its resources$/,
        );
      }
    });

    it('B80: one after the other, all run, and each passes its status on', async () => {
      const container = await limitedContainer(shell);
      const outcome = await runScript(
        container,
        "for i in 1 2 3 4; do bitfusion run -n 1 sh -c 'exit 7'; echo $?; done",
      );
      expect(outcome).toMatchObject({ stdout: '7\n7\n7\n7\n', said: [] });
    });

    it('B80: a run that is killed frees its part, although its program lives', async () => {
      const container = await limitedContainer(shell);
      const outcome = await runScript(
        container,
        `hold bitfusion run -n 1; bitfusion run -n 1 echo early
      kill -9 $held; wait $held 2>/dev/null; bitfusion run -n 1 echo late`,
      );
      expect(outcome.stdout).toBe('late\n');
      expect(outcome.said).toHaveLength(1);
    });

    it('B80: what a program leaves behind holds nothing', async () => {
      const container = await limitedContainer(shell);
      const outcome = await runScript(
        container,
        `bitfusion run -n 1 sh -c 'sleep 60 >/dev/null 2>&1 &'; bitfusion run -n 1 echo next`,
      );
      expect(outcome).toMatchObject({ stdout: 'next\n', said: [] });
    });

    it('B80: request_gpus holds its part until release_gpus, one for each', async () => {
      const container = await limitedContainer(shell, { request: { BITFUSION_GPU_AMOUNT: '3' } });
      const outcome = await runScript(
        container,
        `{ bitfusion request_gpus -n 1 && bitfusion request_gpus -n 2; } >/dev/null
      bitfusion run -n 1 echo full
      bitfusion release_gpus && bitfusion run -n 2 echo two
      bitfusion run -n 3 echo three
      bitfusion release_gpus && bitfusion run -n 3 echo all`,
      );
      expect(outcome.stdout).toBe('two\nall\n');
      expect(outcome.said).toEqual([
        'bitfusion: run -n 1 asks for 1 GPU; this container requested 3 GPUs, and 3 GPUs of it is in use by request_gpus, until release_gpus: wait until that ends, or request more in its resources',
        'bitfusion: run -n 3 asks for 3 GPUs; this container requested 3 GPUs, and 1 GPU of it is in use by request_gpus, until release_gpus: wait until that ends, or request more in its resources',
      ]);
    });

    it('B80: a request that fails holds nothing', async () => {
      const container = await limitedContainer(shell);
      const outcome = await runScript(
        container,
        'BITFUSION_STAND_IN_FAILURE=unreachable bitfusion request_gpus -n 1; echo $?; bitfusion run -n 1 echo runs',
      );
      expect(outcome).toMatchObject({ stdout: '1\nruns\n', said: [] });
    });

    it('B80: a run inside a run starts its program with the GPUs that are there', async () => {
      const container = await limitedContainer(shell);
      // As in the script of VMware's proof of concept, started by the webhook's own run.
      const script = `NUM_GPUS=1 PARTIAL_GPU=0.5 bitfusion run -n 1 -- sh -c '
      bitfusion run -n \${NUM_GPUS} -p \${PARTIAL_GPU} -- printf "%s|" "two words" "" "*"
      bitfusion run -n 1 "printf %s, one text"
      env -i PATH="$PATH" bitfusion run -n 1 echo without variables
      bitfusion run -n 1 sh -c "exit 5"; echo $?'`;
      const outcome = await runScript(container, script);
      expect(outcome.said).toEqual([]);
      expect(outcome.stdout).toContain('two words||*|one,text,without variables\n5\n');
      expect(outcome.stderr.match(/Locked/g)).toHaveLength(1);
    });

    it('B80: a run inside a run may not ask for more, nor does one that outlives it', async () => {
      const container = await limitedContainer(shell, { request: { BITFUSION_GPU_AMOUNT: '2' } });
      const outcome = await runScript(
        container,
        `bitfusion run -n 1 -- bitfusion run -n 2 echo more
      bitfusion run -n 1 -- sh -c '(wait_for() { until [ -e "$1" ]; do sleep 0.05; done; }; wait_for up
        bitfusion run -n 1 echo outlived; : >done) >/dev/null 2>late &'
      hold bitfusion run -n 2; wait_for done; cat late`,
      );
      expect(outcome.said).toEqual([
        'bitfusion: run -n 2 asks for 2 GPUs, and the run that it is in has 1 GPU: ask for no more inside than outside',
      ]);
      expect(outcome.stdout).toMatch(
        /^bitfusion: run -n 1 asks for 1 GPU; this container requested 2 GPUs, /,
      );
    });

    const rows: [string, object, readonly string[], string, string | undefined][] = [
      ['a share of a share', half, [], '-n 1 -p 0.5', undefined],
      ['all of it in two parts', half, [], '-n 2 -p .25', undefined],
      [
        'a third, as Python prints it, of three',
        { ...half, BITFUSION_GPU_PARTIAL: '1' },
        [],
        '-n 3 -p 0.3333333333333333',
        undefined,
      ],
      [
        'too much of a share',
        half,
        [],
        '-n 1 -p 0.500000000001',
        'asks for 0.500000000001 GPU; this container requested 0.5 GPU,',
      ],
      ['a whole GPU of a share', half, [], '-n 1', 'asks for 1 GPU;'],
      ['memory of a share', half, knownMemory, '-n 1 -m 7629', undefined],
      ['too much memory of a share', half, knownMemory, '-n 1 -m 7630', 'asks for 0.5000'],
      ['the memory of three thirds', oneGpu, ['--gpu-memory=3145728000'], '-n 3 -m 1000', undefined],
      ['memory of a share, when the size of a GPU is not known', half, [], '-n 1 -m 16000', undefined],
      [
        'memory of more GPUs, when it is not known',
        half,
        [],
        '-n 2 -m 10',
        'cannot read what bitfusion run takes: -m is for more GPUs than were requested',
      ],
      ['memory', memory, [], '-n 2 -m 7630', undefined],
      ['memory of fewer GPUs', memory, [], '-n 1 -m 15260', undefined],
      [
        'too much memory',
        memory,
        [],
        '-n 2 -m 7631',
        'asks for 15262 MiB; this container requested 15260 MiB,',
      ],
      ['a share of memory', memory, knownMemory, '-n 2 -p 0.5', undefined],
      ['too large a share of memory', memory, knownMemory, '-n 2 -p 0.51', 'asks for 15564 MiB;'],
      ['whole GPUs of memory', memory, knownMemory, '-n 1', undefined],
      ['more whole GPUs', memory, knownMemory, '-n 2', 'asks for 30518 MiB;'],
      [
        'a share of memory, when the size of a GPU is not known',
        memory,
        [],
        '-n 1 -p 0.1',
        '-p cannot be compared with memory',
      ],
      [
        'anything where nothing was requested',
        { BITFUSION_GPU_AMOUNT: '' },
        [],
        '-n 1 -p 0.01',
        'asks for 0.01 GPU, and this container requested no GPU: set bitfusion.io/gpu-amount in its resources',
      ],
    ];
    it.each(rows)('B80: %s', async (_, request, args, options, refusal) => {
      const container = await limitedContainer(shell, { request: { ...request }, args });
      const outcome = await runScript(container, `bitfusion run ${options} echo ran`);
      expect(outcome.stdout).toBe(refusal === undefined ? 'ran\n' : '');
      expect(outcome.status).toBe(refusal === undefined ? 0 : 126);
      if (refusal === undefined) expect(outcome.said).toEqual([]);
      else expect(outcome.said).toEqual([expect.stringContaining(refusal)]);
    });

    it('B80: -m runs alone where the memory of a GPU is not known', async () => {
      const container = await limitedContainer(shell, { request: half });
      const outcome = await runScript(
        container,
        'hold bitfusion run -n 1 -m 10; bitfusion run -n 1 -m 10 echo second',
      );
      expect(outcome.stdout).toBe('');
      expect(outcome.said).toEqual([
        expect.stringContaining(
          'run -n 1 -m 10 may only run alone, as the memory of a GPU is not known (TOTAL_GPU_MEMORY);',
        ),
      ]);
    });

    it('B80: parts of different kinds are added up', async () => {
      const container = await limitedContainer(shell, { args: knownMemory });
      const outcome = await runScript(
        container,
        `hold bitfusion run -n 1 -p 0.25; hold bitfusion run -n 1 -m 7629
      bitfusion run -n 1 -m 3816 echo too much; bitfusion run -n 1 -m 3814 echo fits`,
      );
      expect(outcome.stdout).toBe('fits\n');
    });

    it('B80: enforce: warn warns and runs, off does neither', async () => {
      const warns = await limitedContainer(shell, { args: ['--enforce=warn'] });
      const script =
        'bitfusion run -n 2 echo ran; bitfusion run --unknown -n 1 echo ran; bitfusion run -n 1 echo fine';
      const warned = await runScript(warns, script);
      expect(warned.stdout).toBe('ran\nfine\n');
      expect(warned.said).toEqual([
        expect.stringMatching(
          /^bitfusion: warning: run -n 2 asks for 2 GPUs; this container requested 1 GPU, /,
        ),
        'bitfusion: warning: cannot read what bitfusion run takes: option --unknown is not known',
      ]);
      const off = await limitedContainer(shell, {
        args: ['--enforce=off'],
        request: { BITFUSION_GPU_AMOUNT: '' },
      });
      expect(await runScript(off, script)).toMatchObject({ stdout: 'ran\nfine\n', said: [] });
    });
  },
);
