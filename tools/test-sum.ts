import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** What vitest's JSON reporter says of a run, as far as it is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

export interface TestSum {
  readonly project: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** A line or two for each failure: the file, the test, the beginning of its message. */
  readonly failures: readonly string[];
}

/** Of a failure's message; the whole of it stands further up in the output. */
const messageLines = 8;

/** Every project with tests, by its vitest configuration; paths from `root`. */
export function testProjects(root: string): readonly string[] {
  return globSync('{tools,deploy/manifests,{packages,apps,deploy/images}/*}/vitest.config.ts', { cwd: root })
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
  if (report === undefined) {
    return { project, passed: 0, failed: 1, skipped: 0, failures: [`${project}: its run left no report`] };
  }
  return {
    project,
    passed: report.numPassedTests,
    // A file that cannot be loaded fails as a suite, without a test.
    failed: report.success ? report.numFailedTests : Math.max(report.numFailedTests, 1),
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap((file) => failuresOf(relative(resolve(root), file.name), file)),
  };
}

function failuresOf(path: string, file: Report['testResults'][number]): readonly string[] {
  const tests = file.assertionResults.filter(({ status }) => status === 'failed');
  if (tests.length === 0 && file.status === 'failed') {
    // Of a file that cannot be loaded the report has a message; of a hook that threw it says nothing.
    return [`${path}: ${beginning(file.message) || 'failed outside its tests, see its output above'}`];
  }
  return tests.map((test) => `${path}: ${test.fullName}\n${beginning(test.failureMessages?.[0] ?? '')}`);
}

function beginning(message: string): string {
  return message.split('\n').slice(0, messageLines).join('\n').slice(0, 2_000);
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
