import { join } from 'node:path';

/** The counts of the last run, as vitest's JSON reporter has them. */
export const reportFile: string = join(import.meta.dirname, '../test-output/vitest.json');
