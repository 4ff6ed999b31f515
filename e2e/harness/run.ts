import { spawn } from 'node:child_process';

/** Runs a program to its end; gives what it wrote, or throws with what it said. */
export function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.once('error', reject);
    child.once('close', (status) => {
      if (status === 0) resolve(Buffer.concat(stdout).toString());
      else {
        const said = Buffer.concat([...stdout, ...stderr])
          .toString()
          .trim();
        reject(new Error(`${[program, ...args].join(' ')} ended with ${status ?? 'a signal'}: ${said}`));
      }
    });
  });
}
