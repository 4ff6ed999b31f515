import { spawn, spawnSync } from 'node:child_process';

/**
 * `unshare` with namespaces of their own for processes, network and mounts: all that runs in there ends with its first
 * process, and leaves nothing behind. Someone who is not root becomes root of a user namespace.
 */
function unshareArguments(isRoot: boolean): readonly string[] {
  const user = isRoot ? [] : ['--user', '--map-root-user'];
  return [
    ...user,
    ...['--net', '--mount', '--pid', '--fork', '--mount-proc', '--propagation=private'],
    '--kill-child=SIGKILL',
    '--',
  ];
}

/** Why the machine does not allow such namespaces; undefined when it does. */
export function namespacesFault(isRoot: boolean): string | undefined {
  const trial = spawnSync('unshare', [...unshareArguments(isRoot), 'true'], { encoding: 'utf8' });
  if (trial.status === 0) return undefined;
  return [
    'The tests run in network, mount and process namespaces of their own, so that nothing outlives them.',
    isRoot
      ? 'This needs Linux and the programs unshare and ip; in a container it needs CAP_SYS_ADMIN.'
      : 'This needs Linux and either root or unprivileged user namespaces.',
    `unshare says: ${(trial.error?.message ?? trial.stderr).trim()}`,
    'With --here they run without: each component is then ended by its parent alone.',
  ].join('\n');
}

/**
 * Runs a command in namespaces of its own; gives its exit code. The kernel kills `unshare`, and with it all inside,
 * when this process ends in whatever way (for root only: becoming root of a user namespace clears the arrangement).
 */
export function runInNamespaces(command: readonly string[], isRoot: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const args = ['--pdeathsig', 'KILL', '--', 'unshare', ...unshareArguments(isRoot), ...command];
    const child = spawn('setpriv', args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}
