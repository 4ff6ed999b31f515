import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { validatePod } from '../src/index.ts';
import { applyStrictly } from './apply-strictly.ts';
import { filesOf, goldensOf, readCase, runCase, writeGoldens } from './golden-case.ts';
import { podResources } from './kubernetes-resources.ts';

const root = join(import.meta.dirname, '../fixtures');
const cases = readdirSync(root);
/** Set by `npm run goldens`, which writes the files anew instead of comparing them. */
const isUpdate = process.env['UPDATE_GOLDENS'] === '1';

describe('fixtures', () => {
  it('has at least 40 cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });

  it.each(cases)('%s', (name) => {
    const golden = readCase(join(root, name));
    const result = runCase(golden);
    const files = filesOf(result);
    if (isUpdate) writeGoldens(golden.directory, files);
    // A file that no case produces any more is in the one and not in the other.
    expect(goldensOf(golden.directory)).toEqual(
      Object.fromEntries(Array.from(files, ([file, text]) => [file, parse(text) as unknown])),
    );

    const mutated = result.mutated ?? golden.input;
    expect(applyStrictly(golden.input, result.patch ?? [])).toEqual(mutated);
    expect(runCase(golden, mutated).patch).toBeUndefined();
    for (const { before, after } of result.pods) {
      expect(podResources(after)).toEqual(podResources(before));
      // What the mutation made is valid; what it left is judged in status.json.
      if (result.patch !== undefined) expect(validatePod(after, golden.policy).errors).toEqual([]);
    }
  });
});
