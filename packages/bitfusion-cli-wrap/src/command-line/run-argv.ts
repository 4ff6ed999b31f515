/** What `run` is to be given. Numbers come as text, since the client reads text and they are exact that way. */
export interface RunRequest {
  /** The client: a name or a path. */
  readonly binary: string;
  /** GPUs, a whole number from 1. */
  readonly amount: string;
  /** Part of each GPU's memory, above 0 and up to 1. Neither this nor `memory`: the whole of each GPU. */
  readonly partial?: string;
  /** MiB of each GPU's memory; not beside `partial`. */
  readonly memory?: string;
  readonly filters?: readonly string[];
  /** `host:port` of the servers to ask; left to the client's files when absent. */
  readonly serverList?: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/** B30: `[binary, run, -n, N, (-p P | -m MiB), (--filter F)…, --, …command]`, every word an element of its own. */
export function runArgv(request: RunRequest): string[] {
  return [request.binary, 'run', ...shareFlags(request), '--', ...request.command];
}

/** The options that `run` and `request_gpus` share. */
export function shareFlags(request: Omit<RunRequest, 'binary' | 'command'>): string[] {
  const { amount, partial, memory, filters = [], serverList } = request;
  return [
    ...(serverList === undefined ? [] : ['--server_list', serverList]),
    '-n',
    amount,
    ...(partial === undefined ? [] : ['-p', partial]),
    ...(memory === undefined ? [] : ['-m', memory]),
    ...filters.flatMap((filter) => ['--filter', filter]),
  ];
}
