import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { onTestFinished, expect, it } from 'vitest';

import { reportOf, sumOf } from '../test-sum.ts';

function workspaceWith(report: object | undefined): string {
  const root = mkdtempSync(join(tmpdir(), 'test-sum-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  const file = reportOf(root, 'apps/a');
  mkdirSync(dirname(file), { recursive: true });
  if (report !== undefined) writeFileSync(file, JSON.stringify(report));
  return root;
}

const counts = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, success: true };
const file = { name: '', status: 'passed', message: '', assertionResults: [] };

it('counts what passed and failed, and names each failure with the beginning of its message', () => {
  const message = Array.from({ length: 50 }, (_, line) => `line ${line}`).join('\n');
  const test = { fullName: 'the cat meows', status: 'failed', failureMessages: [message] };
  const passed = { fullName: 'the dog barks', status: 'passed', failureMessages: [] };
  const root = workspaceWith(undefined);
  const name = join(root, 'apps/a/test/cat.test.ts');
  const testResults = [{ ...file, name, status: 'failed', assertionResults: [passed, test] }];
  writeFileSync(
    reportOf(root, 'apps/a'),
    JSON.stringify({ ...counts, numFailedTests: 1, success: false, testResults }),
  );

  const { failures, ...sum } = sumOf(root, 'apps/a');
  expect(sum).toEqual({ project: 'apps/a', passed: 5, failed: 1, skipped: 0 });
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatch(/^apps\/a\/test\/cat\.test\.ts: the cat meows\nline 0\nline 1\n/);
  expect(failures[0]).not.toContain('line 20');
});

it.each([
  ['a file that cannot be loaded', 'SyntaxError: no', 'SyntaxError: no'],
  ['a hook that threw', '', 'failed outside its tests, see its output above'],
])('%s is one failure, though no test failed', (_, message, said) => {
  const root = workspaceWith({
    ...counts,
    success: false,
    testResults: [{ ...file, name: '/elsewhere/x.test.ts', status: 'failed', message }],
  });
  const sum = sumOf(root, 'apps/a');
  expect(sum.failed).toBe(1);
  expect(sum.failures).toEqual([expect.stringContaining(`x.test.ts: ${said}`)]);
});

it('a run that left no report is a failure', () => {
  const root = workspaceWith(undefined);
  expect(sumOf(root, 'apps/a')).toMatchObject({
    passed: 0,
    failed: 1,
    failures: ['apps/a: its run left no report'],
  });
});
