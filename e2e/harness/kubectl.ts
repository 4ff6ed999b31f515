import { spawn } from 'node:child_process';

/** How a run of kubectl ended; `stderr` has the warnings that an admission webhook gave. */
export interface KubectlResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Kubectl = (args: readonly string[], stdin?: string) => Promise<KubectlResult>;

export function kubectlFor(binary: string, kubeconfigPath: string, home: string): Kubectl {
  return (args, stdin = '') =>
    new Promise((resolve, reject) => {
      // HOME: its discovery cache stays with the control plane that it describes.
      const child = spawn(binary, [`--kubeconfig=${kubeconfigPath}`, ...args], { env: { HOME: home } });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      child.once('error', reject);
      child.once('close', (status) => {
        resolve({
          status: status ?? -1,
          stdout: Buffer.concat(stdout).toString(),
          stderr: Buffer.concat(stderr).toString(),
        });
      });
      // A kubectl that refuses its arguments closes its input early; its status tells.
      child.stdin.on('error', () => undefined);
      child.stdin.end(stdin);
    });
}
