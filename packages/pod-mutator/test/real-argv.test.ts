import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { standIn, standInEnvironment, standInRoot } from '@bwki/bitfusion-cli-wrap/testing';
import type { ContainerLike } from '@bwki/spec-parser';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { word } from './arbitrary-pod.ts';
import { gpuPod, mutatedContainer, policyOf } from './gpu-pod.ts';
import { environmentOf, expand } from './kubelet-expansion.ts';

const root = mkdtempSync(join(tmpdir(), 'real-argv-'));
/** A program that writes the arguments it receives, each ended by a NUL. */
const program = join(root, 'program');
const client = standInEnvironment({ root, home: '/root', gpus: 9 });

beforeAll(async () => {
  await standInRoot({ root });
  writeFileSync(program, '#!/bin/sh\n[ $# -eq 0 ] || printf "%s\\0" "$@"\n');
  chmodSync(program, 0o755);
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

/** Starts a container's command as the kubelet and the runtime do, and returns what the program received. */
function received({ command = [], args = [], env = [] }: ContainerLike): readonly string[] {
  const variables = environmentOf(env);
  const [file = '', ...rest] = [...command, ...args].map((element) => expand(element, variables));
  const { status, stdout, stderr, error } = spawnSync(
    file === '/usr/local/bin/bitfusion' ? standIn : file,
    rest,
    {
      env: { PATH: process.env['PATH'], ...Object.fromEntries(variables), ...client },
      encoding: 'buffer',
    },
  );
  if (status !== 0) throw new Error(`${file} ended with ${status ?? error}: ${stderr.toString()}`);
  return stdout.toString().split('\0').slice(0, -1);
}

/** No argument can hold a NUL. */
const argument = word.map((text) => text.replaceAll('\0', ''));
const wordsOf = fc.array(argument, { maxLength: 4 });
const env = fc.array(fc.tuple(fc.constantFrom('A', 'B', '(A'), argument), { maxLength: 3 });

function envOf(variables: readonly (readonly [string, string])[]): ContainerLike['env'] & object {
  return variables.map(([name, value]) => ({ name, value }));
}

/** In single quotes nothing means anything to a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

describe('what the program receives under the client, by real execution', { timeout: 120_000 }, () => {
  const policy = policyOf();

  it('B30: is what it would have received without', () => {
    fc.assert(
      fc.property(wordsOf, wordsOf, env, (words, args, variables) => {
        const container = { command: [program, ...words], args, env: envOf(variables) };
        const mutated = mutatedContainer(gpuPod(container), policy);
        expect(mutated.command?.[0]).toBe('/usr/local/bin/bitfusion');
        expect(received(mutated)).toEqual(received(container));
      }),
      { numRuns: 60 },
    );
  });

  it('B34: is what the image says, as the image means it', () => {
    fc.assert(
      fc.property(wordsOf, wordsOf, env, (entrypoint, cmd, variables) => {
        const config = { entrypoint: [program, ...entrypoint], cmd };
        const imageConfigs = new Map([['registry.example/train:1', { ok: true as const, value: config }]]);
        const pod = gpuPod({ command: [], env: envOf(variables) });
        const mutated = mutatedContainer(pod, policy, { imageConfigs });
        expect(received(mutated)).toEqual([...entrypoint, ...cmd]);
      }),
      { numRuns: 30 },
    );
  });

  it('B31: is what the text of a shell gives it, and the args behind', () => {
    fc.assert(
      fc.property(wordsOf, wordsOf, env, (words, args, variables) => {
        // Kubernetes expands the text before the shell reads it: what is meant for the shell is escaped.
        const text = ['exec', program, ...words.map(quoted)].join(' ').replaceAll('$', '$$$$');
        const mutated = mutatedContainer(gpuPod({ command: [text], args, env: envOf(variables) }), policy);
        const expanded = args.map((element) => expand(element, environmentOf(envOf(variables))));
        expect(received(mutated)).toEqual([...words, ...expanded]);
      }),
      { numRuns: 30 },
    );
  });
});
