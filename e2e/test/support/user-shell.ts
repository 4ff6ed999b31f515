import { spawn } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { deployTools } from './deploy-tools.ts';

const repository = join(import.meta.dirname, '../../..');

export interface ShellResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the documents expect of a user: a shell in a clone of this repository, with kubectl and Helm. */
export interface UserShell {
  /** The clone: its files, and what the commands make beside them. */
  readonly directory: string;
  /** Runs text as the documents have it. */
  readonly run: (text: string) => Promise<ShellResult>;
  /** Runs text that has to succeed, and gives what it wrote. */
  readonly sh: (text: string) => Promise<string>;
}

export async function openUserShell(directory: string, kubeconfigPath: string): Promise<UserShell> {
  const bin = join(directory, '.bin');
  await mkdir(bin, { recursive: true });
  for (const entry of ['Makefile', 'apps', 'bwki', 'deploy', 'docs', 'examples']) {
    await symlink(join(repository, entry), join(directory, entry));
  }
  const { helm, kubectl } = deployTools();
  await symlink(helm, join(bin, 'helm'));
  await symlink(kubectl, join(bin, 'kubectl'));
  const env = { PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin`, HOME: directory, KUBECONFIG: kubeconfigPath };

  const run = async (text: string): Promise<ShellResult> => {
    const child = spawn('sh', ['-euc', text], { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const status = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return {
      status: status ?? -1,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    };
  };
  return {
    directory,
    run,
    sh: async (text) => {
      const { status, stdout, stderr } = await run(text);
      if (status !== 0) throw new Error(`${text.trim()}\nended with ${status}: ${stdout}${stderr}`);
      return stdout;
    },
  };
}
