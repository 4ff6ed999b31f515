import type { ChildProcess } from 'node:child_process';

/**
 * Ends a child that leads its process group, and all that it started there: SIGTERM, then SIGKILL after `grace`
 * milliseconds. Its outputs are closed after as many more, for a descendant in a group of its own may hold them open.
 * Nothing is left behind once the child emits `close`.
 */
export function endGroup(child: ChildProcess, grace: number): void {
  signalGroup(child, 'SIGTERM');
  const timers = [
    setTimeout(() => {
      signalGroup(child, 'SIGKILL');
    }, grace),
    setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, 2 * grace),
  ];
  child.once('close', () => {
    timers.forEach(clearTimeout);
    // A descendant that ignores SIGTERM and holds no output outlives the child.
    signalGroup(child, 'SIGKILL');
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
