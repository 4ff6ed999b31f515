import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const temporary = mkdtempSync(join(tmpdir(), 'bwki-first-contact-'));
const clone = join(temporary, 'clone');
/** Stand-ins for what needs a cluster, which this machine need not have. Each writes down what it is called with. */
const clusterTools = join(temporary, 'cluster-tools');
const toolCalls = join(temporary, 'calls');

/** The machine's own programs: neither the Node nor the commands that this repository's dependencies bring. */
const machinePath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((directory) => !directory.includes('node_modules'))
  .join(delimiter);

/** Runs shell text in the clone as a user would who has just made it. */
function sh(text: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync('sh', ['-euc', text], {
    cwd: clone,
    encoding: 'utf8',
    env: { PATH: machinePath, HOME: process.env['HOME'] ?? temporary, ...env },
  });
  return { status, stdout, stderr };
}

/** What git would clone, with the changes that are not committed yet. */
function files(): readonly string[] {
  const listed = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const deleted = spawnSync('git', ['ls-files', '-z', '--deleted'], { cwd: root, encoding: 'utf8' });
  const gone = new Set(deleted.stdout.split('\0'));
  return listed.stdout.split('\0').filter((file) => file !== '' && !gone.has(file));
}

let uninstalled: ReturnType<typeof sh>;
let install: ReturnType<typeof sh>;
beforeAll(() => {
  for (const file of files()) cpSync(join(root, file), join(clone, file), { verbatimSymlinks: true });
  mkdirSync(clusterTools);
  for (const tool of ['helm', 'kubectl']) {
    writeFileSync(join(clusterTools, tool), `#!/bin/sh\necho ${tool} "$@" >> '${toolCalls}'\n`);
    chmodSync(join(clusterTools, tool), 0o755);
  }
  uninstalled = sh('./bwki --version');
  install = sh('npm ci --prefer-offline');
}, 1_200_000);
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
}, 120_000);

/** Decisions tell what was before them. */
const documents = files().filter((file) => file.endsWith('.md') && !file.startsWith('docs/adr/'));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const commands = Array.from(readme.matchAll(/^```sh\n([^]*?)^```$/gm), ([, text = '']) => text);

describe('a fresh clone, with the Node and npm of the machine', () => {
  it('is installed without a warning', () => {
    expect(install).toMatchObject({ status: 0, stderr: '' });
    expect(install.stdout.trim()).toMatch(/^added \d+ packages in \w+$/);
  });

  it.each(commands)(
    'README: %s',
    (text) => {
      const { status, stderr } = sh(text, { PATH: `${clusterTools}${delimiter}${machinePath}` });
      expect({ status, stderr }).toMatchObject({ status: 0 });
    },
    300_000,
  );

  it('README: its commands are there, and they reach the cluster', () => {
    expect(commands.join('\n')).toMatch(/^npm ci\b/m);
    expect(commands.join('\n')).toMatch(/^\.\/bwki /m);
    expect(readFileSync(toolCalls, 'utf8')).toMatch(/^helm upgrade --install bwki /m);
  });

  it('npx finds the command in the clone, without a registry', () => {
    const { status, stdout, stderr } = sh('npx --offline bwki --version');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it('says what to do where the dependencies are not installed', () => {
    expect(uninstalled).toEqual({
      status: 2,
      stdout: '',
      stderr: 'The dependencies of this clone are not installed: run `npm ci` in it first.\n',
    });
  });

  it('ends with the exit code of the program that runs under the other Node', () => {
    expect(sh('./bwki validate -f missing.yaml')).toMatchObject({ status: 1, stdout: '' });
  });

  it('passes a signal on, so that a server ends in order', () => {
    const { stdout } = sh(
      `node_modules/.bin/bwki-webhook --standalone --port 0 --healthPort 0 >log 2>&1 & pid=$!
       tries=0; until grep -q listening log || [ $tries -eq 600 ]; do sleep 0.1; tries=$((tries + 1)); done
       kill -TERM $pid; set +e; wait $pid; echo "ended with $?"; cat log`,
    );
    expect(stdout).toMatch(/^ended with 0$/m);
  }, 120_000);
});

it.each(documents)('%s asks no registry for a name', (file) => {
  const text = readFileSync(join(root, file), 'utf8');
  expect(text.match(/\bnpx (?!vitest\b).*|\bnpm (?:exec|x) .*/g)).toBeNull();
});

it('make help: all descriptions begin in one column', () => {
  const { stdout } = spawnSync('make', ['--no-print-directory', 'help'], { cwd: root, encoding: 'utf8' });
  const columns = stdout
    .trimEnd()
    .split('\n')
    .map((line) => /^ {2}make \S+ +/.exec(line)?.[0].length);
  expect(columns.length).toBeGreaterThan(10);
  expect(new Set(columns).size).toBe(1);
});
