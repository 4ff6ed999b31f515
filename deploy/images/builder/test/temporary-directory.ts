import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

/** An empty directory that the end of the test removes. Outside of the workspace, so no package is found from it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bwki-images-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}
