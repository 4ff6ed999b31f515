import { join } from 'node:path';

import { startVitest } from 'vitest/node';

import type { E2eContext } from './context.ts';
import { reportFile } from './report-file.ts';

const root = join(import.meta.dirname, '..');
/** Sources instead of builds, as in the tests of the packages. */
const conditions = ['@bwki/source'];

/**
 * Runs the tests whose path holds one of `filters`; gives whether all passed. There is no configuration file that a
 * run of the whole workspace's tests would find: that one needs neither Go nor root.
 */
export async function runTests(filters: readonly string[], context: E2eContext): Promise<boolean> {
  const vitest = await startVitest(
    'test',
    [...filters],
    {
      root,
      config: false,
      watch: false,
      provide: { e2e: context },
      name: '@bwki/e2e',
      include: ['test/**/*.test.ts'],
      // Each file starts a control plane of its own; two at once would only slow each other down.
      fileParallelism: false,
      testTimeout: 60_000,
      hookTimeout: 120_000,
      reporters: ['default', ['json', { outputFile: reportFile }]],
    },
    { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } },
  );
  const modules = vitest.state.getTestModules();
  const errors = vitest.state.getUnhandledErrors();
  await vitest.close();
  return modules.length > 0 && errors.length === 0 && modules.every((module) => module.ok());
}
