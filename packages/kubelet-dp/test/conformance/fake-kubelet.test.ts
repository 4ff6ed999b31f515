import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, it } from 'vitest';

import { conformanceCases, startFakeKubelet, type FakeKubelet } from '../../src/testing/index.ts';
import { dialTimeoutMs, fakeKubeletUnderTest } from './fake-kubelet-under-test.ts';

/** One of each behaviour that differs; of these, end-to-end tests ask the real 1.24 and 1.37 the same. */
const versions = ['1.19', '1.24', '1.25', '1.26', '1.33', '1.37'] as const;

describe.each(versions)('B65: the fake kubelet %s conforms', (version) => {
  let directory: string;
  let kubelet: FakeKubelet;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bwki-conform-'));
    kubelet = await startFakeKubelet({ directory, version, dialTimeoutMs });
  });
  afterAll(async () => {
    await kubelet[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  it.each(conformanceCases)('$name', ({ run }) => run(fakeKubeletUnderTest(kubelet)));
});
