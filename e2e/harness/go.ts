import { spawn } from 'node:child_process';

/** Runs Go in a module's folder; gives what it wrote to its standard output. Its messages go where this program's go. */
export async function go(
  args: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  // Lowest priority: a build of minutes should not be felt by whoever else uses the machine.
  const child = spawn('nice', ['go', ...args], {
    cwd: directory,
    env: { ...environment, CGO_ENABLED: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // `nice` answers 127 when the program is not there.
  if (status === 127) throw new Error(missingGo);
  if (status !== 0)
    throw new Error(`go ${args[0] ?? ''} ended with ${status ?? 'a signal'}; its messages are above`);
  return Buffer.concat(output).toString();
}

const missingGo = [
  'Go is missing: it builds Kubernetes and what the tests run beside it from the modules in e2e/tools, once.',
  'Install Go 1.26 or later (https://go.dev/dl); for the tests of a control plane alone, KUBEBUILDER_ASSETS may name',
  'a folder that has etcd, kube-apiserver, kube-controller-manager and kubectl.',
].join('\n');
