import { type RunRequest, shareFlags } from './run-argv.ts';

/** What `request_gpus` is to lock: as for `run`, without a program. */
export type PoolRequest = Omit<RunRequest, 'command'>;

/** `[binary, request_gpus, -n, N, …]`: locks GPUs for the `client` calls that follow, until they are released. */
export function requestGpusArgv(request: PoolRequest): string[] {
  return [request.binary, 'request_gpus', ...shareFlags(request)];
}

/**
 * `[binary, release_gpus, (-f FILE)]`.
 *
 * @param configFile The file that a lock was saved to, as the client's log names it; without one, what the last
 *   `request_gpus` locked.
 */
export function releaseGpusArgv(binary: string, configFile?: string): string[] {
  return [binary, 'release_gpus', ...(configFile === undefined ? [] : ['-f', configFile])];
}

/** `[binary, client, --, …command]`: runs a program on GPUs that `request_gpus` locked. */
export function clientArgv(binary: string, command: readonly string[]): string[] {
  return [binary, 'client', '--', ...command];
}

/** `[binary, list_gpus]`: the pool's servers, GPUs and free memory. */
export function listGpusArgv(binary: string): string[] {
  return [binary, 'list_gpus'];
}

/** `[binary, health]`: checks of every server and of this machine. */
export function healthArgv(binary: string): string[] {
  return [binary, 'health'];
}
