import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';

import { goldenNames, goldens } from './golden.ts';

it('no golden is stale, and none is missing', async () => {
  expect((await readdir(goldens)).sort()).toEqual([...goldenNames].sort());
});
