import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What vitest's JSON reporter says of a run, as far as it is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

export interface TestSum {
  readonly project: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Every project with tests, by its vitest configuration; paths from `root`. */
export function testProjects(root: string): readonly string[] {
  return globSync('{tools,{packages,apps,deploy/images}/*}/vitest.config.ts', { cwd: root })
    .map(dirname)
    .sort();
}

/** Where a project's test run leaves its report. */
export function reportOf(root: string, project: string): string {
  return join(root, project, 'test-output/vitest.json');
}

/**
 * What a project's last run left in its report. One whose report is missing counts as a failure: its
 * run broke off before there was anything to count.
 */
export function sumOf(root: string, project: string): TestSum {
  const report = readReport(reportOf(root, project));
  if (report === undefined) return { project, passed: 0, failed: 1, skipped: 0 };
  return {
    project,
    passed: report.numPassedTests,
    // A file that cannot be loaded fails as a suite, without a test.
    failed: report.success ? report.numFailedTests : Math.max(report.numFailedTests, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
