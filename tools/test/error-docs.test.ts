import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { mutationErrorCodes, mutationWarningCodes } from '@bwki/pod-mutator';
import { quotaErrorCodes } from '@bwki/quota-calc';
import { specErrorCodes, specWarningCodes } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

const registries = {
  quotaErrorCodes,
  specErrorCodes,
  specWarningCodes,
  mutationErrorCodes,
  mutationWarningCodes,
};
const text = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
/** A code is documented by a heading of its own. */
const documented = Array.from(text.matchAll(/^### `([A-Z0-9_]+)`$/gm), (match) => match[1]);

describe('B14: docs/errors.md', () => {
  it.each(Object.entries(registries))('has every code of %s', (_, registry) => {
    expect(Object.keys(registry).filter((code) => !documented.includes(code))).toEqual([]);
  });

  it('has no code that no package knows', () => {
    const known = Object.values(registries).flatMap((registry) => Object.keys(registry));
    expect(documented.filter((code) => code !== undefined && !known.includes(code))).toEqual([]);
  });

  it('has each code once', () => {
    expect(documented).toEqual([...new Set(documented)]);
  });
});
