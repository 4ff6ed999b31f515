import { join } from 'node:path';

import { startVitest } from 'vitest/node';

import type { E2eContext } from './context.ts';

const root = join(import.meta.dirname, '..');

/** Runs the tests one after the other; gives whether all passed. */
export async function runTests(filters: readonly string[], context: E2eContext): Promise<boolean> {
  const vitest = await startVitest('test', [...filters], {
    root,
    config: join(root, 'vitest.e2e.config.ts'),
    watch: false,
    provide: { e2e: context },
  });
  const modules = vitest.state.getTestModules();
  const errors = vitest.state.getUnhandledErrors();
  await vitest.close();
  return modules.length > 0 && errors.length === 0 && modules.every((module) => module.ok());
}
