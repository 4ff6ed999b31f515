import { join } from 'node:path';

/** Every golden of these tests; `vitest run -u` writes them, and one that is not named here is stale. */
export const goldenNames = [
  'demo-table.txt',
  'explain-health-job.txt',
  'explain-notebook.txt',
  'explain-pod-filter.txt',
  'explain-pod-injection.txt',
  'explain-pod-memory.txt',
  'explain-pytorchjob.txt',
  'explain-shell-text.txt',
  'explain-sidecar.txt',
  'explain-json.txt',
  'faults.txt',
  'help-demo.txt',
  'help-explain.txt',
  'help-health.txt',
  'help-inject.txt',
  'help-kernel.txt',
  'help-quota.txt',
  'help-validate.txt',
  'help.txt',
] as const;

export const goldens: string = join(import.meta.dirname, 'goldens');

export function golden(name: string): string {
  if (!goldenNames.some((known) => known === name)) throw new Error(`${name} is not in goldenNames`);
  return join(goldens, name);
}
