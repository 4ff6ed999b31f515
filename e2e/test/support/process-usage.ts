import { readFileSync } from 'node:fs';

/** Milliseconds of CPU that a process has had, all its threads; Linux counts in steps of 10 ms. */
export function cpuMilliseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** MB that a process holds in memory. */
export function residentMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

/** Milliseconds of the first thread of a process, where JavaScript runs; exact once it sleeps. */
export interface MainThread {
  /** On a processor. */
  readonly ran: number;
  /** Ready to run, with no processor free. */
  readonly waited: number;
}

export function mainThread(pid: number): MainThread {
  const [ran, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return { ran: Number(ran) / 1e6, waited: Number(waited) / 1e6 };
}
