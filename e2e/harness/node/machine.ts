import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { forkedBy } from '../forked-by.ts';
import { run } from '../run.ts';
import { connectNode, nodeNetwork } from './network.ts';

export interface MachineOptions {
  /** In memory; removed by the caller. */
  readonly directory: string;
  readonly hostname: string;
}

/** What a node runs on: namespaces whose processes, mounts and interfaces all end when it is disposed of. */
export interface Machine extends AsyncDisposable {
  /** `/var/lib/kubelet` of the machine, as those outside see it. */
  readonly kubeletDirectory: string;
  /** Put in front of a command line, it runs in the machine. */
  readonly enter: readonly string[];
  /** Runs a program in the machine to its end; gives what it wrote. */
  readonly run: (program: string, args: readonly string[]) => Promise<string>;
}

const initScript = join(import.meta.dirname, 'machine-init.sh');
const namespaces = ['--mount', '--net', '--pid', '--uts', '--ipc'];

export async function startMachine({ directory, hostname }: MachineOptions): Promise<Machine> {
  const kubeletDirectory = join(directory, 'kubelet');
  await mkdir(kubeletDirectory, { recursive: true });
  await using failed = new AsyncDisposableStack();
  const init = ['sh', initScript, directory, hostname, nodeNetwork.nodeAddress];
  const unshare = [
    'unshare',
    ...namespaces,
    '--fork',
    '--mount-proc',
    '--propagation=private',
    '--kill-child=SIGKILL',
  ];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...unshare, '--', ...init], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  await saysReady(child);
  const pid = forkedBy(child.pid ?? 0);
  failed.defer(async () => {
    // `unshare` ends after this process, and this one after all others of its namespace.
    process.kill(pid, 'SIGKILL');
    await exited;
  });
  failed.use(await connectNode(pid));
  const enter = ['nsenter', `--target=${pid}`, ...namespaces, '--'];
  const [nsenter = '', ...enterArgs] = enter;
  const everything = failed.move();
  return {
    kubeletDirectory,
    enter,
    run: (program, args) => run(nsenter, [...enterArgs, program, ...args]),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

/** Waits for the first output; an error has what the script said before it gave up. */
function saysReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout?.once('data', () => {
      resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(
        new Error(`the namespaces of a node could not be made (exit code ${code ?? '?'}): ${said.trim()}`),
      );
    });
  });
}
