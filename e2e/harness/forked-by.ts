import { readFileSync } from 'node:fs';

/** The process that `unshare` or `nsenter` has forked to be in a PID namespace, and waits for. */
export function forkedBy(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const [child] = children.split(' ');
  if (child === undefined || child === '') throw new Error(`process ${pid} has forked nothing`);
  return Number(child);
}
