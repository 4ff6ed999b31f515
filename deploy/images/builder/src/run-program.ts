import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Finished {
  readonly ok: boolean;
  readonly stdout: string;
  /** Where the program did not start: why. */
  readonly stderr: string;
}

/** Runs a program to its end and gives what it printed, also where it fails or does not exist. */
export async function runProgram(program: string, args: readonly string[]): Promise<Finished> {
  try {
    return { ok: true, ...(await execute(program, [...args], { maxBuffer: 64 * 1024 * 1024 })) };
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    return { ok: false, stdout, stderr: stderr === '' ? message : stderr };
  }
}
