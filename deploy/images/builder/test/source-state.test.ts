import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { sourceState } from '../src/source-state.ts';
import { temporaryDirectory } from './temporary-directory.ts';

function git(directory: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  const { stdout, status } = spawnSync('git', ['-C', directory, ...identity, ...args], {
    encoding: 'utf8',
    env: { ...process.env, GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' },
  });
  expect(status).toBe(0);
  return stdout.trim();
}

it('the state of the sources is their commit, its time and an address without a password', async () => {
  const directory = temporaryDirectory();
  git(directory, 'init', '-q');
  writeFileSync(join(directory, 'file'), 'one');
  git(directory, 'add', 'file');
  git(directory, 'commit', '-qm', 'one');
  git(directory, 'remote', 'add', 'origin', 'https://user:hunter2@example.com/bwki.git');
  const revision = git(directory, 'rev-parse', 'HEAD');
  const clean = { revision, epoch: 1_767_323_045, url: 'https://example.com/bwki.git' };
  expect(await sourceState(directory)).toEqual(clean);

  writeFileSync(join(directory, 'file'), 'two');
  git(directory, 'remote', 'set-url', 'origin', '/srv/bwki.git');
  expect(await sourceState(directory)).toEqual({ ...clean, revision: `${revision}-dirty`, url: '' });
});

it('outside of a repository nothing is known of the sources', async () => {
  expect(await sourceState(temporaryDirectory())).toEqual({ revision: '', epoch: 0, url: '' });
});
