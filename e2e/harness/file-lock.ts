import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Holds `file` as a lock until disposed; waits while another process holds it. The kernel keeps the lock (flock), so
 * it is free again however its holder ends.
 */
export async function lockFile(file: string): Promise<AsyncDisposable> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(holder, 'exit');
  await Promise.race([
    once(holder.stdout, 'data'),
    exited.then(() => {
      throw new Error(`flock could not lock ${file}`);
    }),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await exited;
    },
  };
}
