/**
 * Every check of the workspace, one after the other and all of them even where one fails, so that one run tells all
 * that is wrong. Each check counts as a test in the sum, which is the last line. With `--e2e`, the tests against a
 * real Kubernetes too.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';

import { reportOf, sumOf, testProjects } from './test-sum.ts';

const withE2e = process.argv.includes('--e2e');

const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format', 'prettier', '--check', '--log-level=warn', '.'],
  ['project references', 'nx', 'sync:check'],
  ['build', 'nx', 'run-many', '-t', 'build', '--output-style=stream'],
  ['types', 'nx', 'run-many', '-t', 'typecheck', '--output-style=stream'],
  ['lint', 'nx', 'run-many', '-t', 'lint', '--output-style=stream'],
  ['tests', 'nx', 'run-many', '-t', 'test', '--output-style=stream'],
  ...(withE2e ? ([['end-to-end tests', 'npm', 'run', '--silent', 'e2e', '-w', '@bwki/e2e']] as const) : []),
];

const projects = [...testProjects('.'), ...(withE2e ? ['e2e'] : [])];
// A run that breaks off must not leave the counts of the one before; nx brings back those of what it has cached.
for (const project of projects) rmSync(reportOf('.', project), { force: true });

const failedChecks: string[] = [];
for (const [name, command, ...args] of checks) {
  console.log(`\n--- ${name}: ${[command, ...args].join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error !== undefined) console.error(error.message);
  if (status !== 0) failedChecks.push(name);
}

const sums = projects.map((project) => sumOf('.', project));
const failures = sums.flatMap((sum) => sum.failures);
// Once more and last, since the end of a long log is what is looked at first.
if (failures.length > 0) console.log(`\n--- what failed\n${failures.join('\n\n')}`);

console.log('\n--- sum');
for (const { project, passed, failed } of sums) console.log(`${project}: ${passed} passed, ${failed} failed`);
if (failedChecks.length > 0) console.log(`checks that failed: ${failedChecks.join(', ')}`);

const passed = sums.reduce((sum, project) => sum + project.passed, checks.length - failedChecks.length);
const failed = sums.reduce((sum, project) => sum + project.failed, failedChecks.length);
const skipped = sums.reduce((sum, project) => sum + project.skipped, 0);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
