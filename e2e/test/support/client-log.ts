import { parseRun } from '@bwki/bitfusion-cli-wrap';

/** What a container's log says of its run: what the client locked, and what the program says of itself. */
export interface LoggedRun {
  /** How many GPUs, and which part of each as the client prints it: `2 x 0.8`. */
  readonly locked: string | undefined;
  /** Of each GPU. */
  readonly memoryMiB: number | undefined;
  /** What the program in the place of `python` was called with. */
  readonly python: readonly string[];
  /** Whom it ran as. */
  readonly user: string | undefined;
  /** Its `LD_LIBRARY_PATH`. */
  readonly library: string | undefined;
}

export function readClientLog(log: string): LoggedRun {
  const { locked, requested } = parseRun(log);
  const [, user, library] = /^python: user (\d+), LD_LIBRARY_PATH=(.*)$/m.exec(log) ?? [];
  return {
    locked: locked && `${locked.gpus} x ${locked.partial}`,
    memoryMiB: requested[0]?.memoryMiB,
    python: log.split('\n').flatMap((line) => /^python: (?!user )(.*)$/.exec(line)?.[1] ?? []),
    user,
    library,
  };
}
