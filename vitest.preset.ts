import { defineConfig, type ViteUserConfig } from 'vitest/config';

/**
 * The test set-up every project shares: sources are imported through the `@bwki/source` condition, so no test
 * needs a build, and each run leaves `test-output/vitest.json`, which `tools/sum-tests.mjs` adds up.
 */
export function projectTests(name: string): ViteUserConfig {
  const conditions = ['@bwki/source'];
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
      passWithNoTests: false,
      reporters: ['default', ['json', { outputFile: 'test-output/vitest.json' }]],
      testTimeout: 30_000,
    },
  });
}
