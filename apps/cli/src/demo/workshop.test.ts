import { createPolicy, mutatePodTemplate, type Policy, type TemplateMutation } from '@bwki/pod-mutator';
import type { ContainerLike } from '@bwki/spec-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { demoAssets } from './asset-paths.ts';
import type { ContainerTrialOutcome } from './try-template.ts';
import { withWorkshop } from './workshop.ts';

const policy = policyOf();

/** The mutation of a Job with one container that asks for half of a GPU. */
function job(container: ContainerLike, mode = 'all'): TemplateMutation {
  const limits = { 'bitfusion.io/gpu-amount': 1, 'bitfusion.io/gpu-percent': 50 };
  const mutation = mutatePodTemplate(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      spec: {
        template: {
          metadata: { annotations: { 'auto-management/bitfusion': mode } },
          spec: { containers: [{ name: 'main', resources: { limits }, ...container }] },
        },
      },
    },
    policy,
  );
  const template = mutation.ok ? mutation.value.templates[0] : undefined;
  if (!template) throw new Error('the job cannot be mutated');
  return template;
}

async function tried(
  template: TemplateMutation,
  signal = new AbortController().signal,
): Promise<ContainerTrialOutcome> {
  const [outcome] = await withWorkshop(policy, demoAssets.clientImage, signal, (tryTemplate) =>
    tryTemplate(template),
  );
  if (!outcome) throw new Error('nothing was tried');
  return outcome;
}

describe('running a container with the mutation and without', () => {
  it('B30: any arguments reach the program as they would have, references expanded', async () => {
    const text = fc
      .oneof(
        fc.constantFrom(
          '$(A)',
          '$$(A)',
          '$(NOPE)',
          '$A',
          '`id`',
          '"',
          "'",
          '',
          ' ',
          '--',
          '-n',
          'a\nb',
          '*',
          '\\',
        ),
        fc.string({ unit: 'binary', maxLength: 8 }),
      )
      .filter((value) => !/[\0\uD800-\uDFFF]/.test(value));
    const env = [{ name: 'A', value: "it's $(B)" }];
    const templates = fc
      .sample(fc.array(text, { maxLength: 6 }), { numRuns: 12, seed: 1 })
      .map((args, index) =>
        job({ command: ['python', ...args.slice(0, index % 3)], args: args.slice(index % 3), env }),
      );
    await withWorkshop(policy, demoAssets.clientImage, new AbortController().signal, async (tryTemplate) => {
      for (const template of templates) {
        const [outcome] = await tryTemplate(template);
        expect(outcome).toMatchObject({
          same: true,
          problem: undefined,
          locked: '1 GPU with partial memory 0.5',
        });
        expect(outcome?.calls).toHaveLength(1);
      }
    });
  }, 60_000);

  it('B30: a program by an absolute path is the container’s', async () => {
    const { same, calls } = await tried(job({ command: ['/opt/app/bin/train', '--x'] }));
    expect({ same, calls }).toEqual({ same: true, calls: [['/opt/app/bin/train', '--x']] });
  });

  it('B35: a command that is the image’s own is typed', async () => {
    expect(await tried(job({}, 'injection'))).toMatchObject({ same: true, typed: true });
  });

  it.each<[name: string, change: (container: ContainerLike) => ContainerLike, problem: RegExp]>([
    ['other arguments', (it) => ({ ...it, args: ['--y'] }), /^got .*--y.* instead of .*--x/],
    ['no client', (it) => ({ ...it, command: ['python'] }), /^the client locked 0 GPUs instead of 1$/],
    [
      'more GPUs',
      (it) => ({ ...it, command: it.command?.map((word) => (word === '1' ? '2' : word)) ?? [] }),
      /^exit: .*run -n 2 -p 0\.5 asks for 1 GPU; this container requested 0\.5 GPU/s,
    ],
    [
      'flags that cannot be read',
      (it) => ({ ...it, command: it.command?.map((word) => (word === '0.5' ? '5' : word)) ?? [] }),
      /^exit: .*-p has to be a decimal above 0 and up to 1/s,
    ],
    [
      'no token',
      (it) => ({
        ...it,
        volumeMounts: it.volumeMounts?.filter(({ mountPath }) => mountPath !== '/root/.bitfusion') ?? [],
      }),
      /^exit: .*there is no access token/s,
    ],
    [
      'no libraries',
      (it) => ({
        ...it,
        volumeMounts: it.volumeMounts?.filter(({ mountPath }) => mountPath !== '/opt/bitfusion') ?? [],
      }),
      /^exit: .*stat \/opt\/bitfusion/s,
    ],
  ])('§8: tells of a mutation that gives %s', async (_, change, problem) => {
    const template = job({ command: ['python'], args: ['--x'] });
    const mutated = template.mutatedPod();
    const outcome = await tried({
      ...template,
      mutatedPod: () => ({
        ...mutated,
        spec: { ...mutated.spec, containers: mutated.spec?.containers?.map(change) ?? [] },
      }),
    });
    expect(outcome.same).toBe(false);
    expect(outcome.problem).toMatch(problem);
  });

  it('§8: scripts that do not fit together are a bug', async () => {
    const template = job({ command: ['python'] });
    const mutated = template.mutatedPod();
    const [step] = mutated.spec?.initContainers ?? [];
    const broken = {
      ...mutated,
      spec: { ...mutated.spec, initContainers: [{ ...step, args: ['--nonsense'] }] },
    };
    await expect(tried({ ...template, mutatedPod: () => broken })).rejects.toThrow(
      /bwki-populate failed \(exit\): .*--nonsense/,
    );
  });
});

function policyOf(): Policy {
  const created = createPolicy({ totalGpuMemory: 16_000 });
  if (!created.ok) throw new Error('no policy');
  return created.value;
}
