import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the process took since the last look. */
export interface Usage {
  readonly cpuMs: number;
  /** MiB, the most since the last look. */
  readonly peakMemory: number;
}

/** A webhook in a process of its own, on loopback, and what it takes of the machine (Linux). */
export class Target implements AsyncDisposable {
  readonly port: number;
  readonly #child: ChildProcess;
  #cpuMs = 0;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** @param args of Node: its flags, the program, and the program's flags but for those of the ports */
  static async start(args: readonly string[]): Promise<Target> {
    const flags = ['--standalone', '--port', '0', '--healthPort', '0', '--logLevel', 'info'];
    const child = spawn(process.execPath, [...args, ...flags], {
      env: { TOTAL_GPU_MEMORY: '16000' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout });
    const port = await new Promise<number>((resolve, reject) => {
      child.once('exit', () => {
        reject(new Error('the webhook does not start'));
      });
      lines.on('line', (line) => {
        const found = /"url":"https:\/\/127\.0\.0\.1:(\d+)"/.exec(line)?.[1];
        if (found !== undefined) resolve(Number(found));
      });
    });
    return new Target(child, port);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Begins anew: the next look tells of what comes from now on. */
  reset(): void {
    this.#cpuMs = this.#cpu();
    writeFileSync(`/proc/${this.#pid}/clear_refs`, '5');
  }

  usage(): Usage {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#pid}/status`, 'utf8'))?.[1] ?? 0;
    return { cpuMs: this.#cpu() - this.#cpuMs, peakMemory: Number(peak) / 1024 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isRunning) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  get #pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Clock ticks have 10 ms. */
  #cpu(): number {
    const fields = readFileSync(`/proc/${this.#pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
}
