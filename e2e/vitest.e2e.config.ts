import { mergeConfig, type ViteUserConfig } from 'vitest/config';

import { projectTests } from '../vitest.preset.ts';

/** Not named `vitest.config.ts`: `make test` needs neither Go nor root, so it must not find these tests. */
const config: ViteUserConfig = mergeConfig(projectTests('@bwki/e2e'), {
  test: {
    // Each file starts a control plane of its own; two at once would only slow each other down.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

export default config;
