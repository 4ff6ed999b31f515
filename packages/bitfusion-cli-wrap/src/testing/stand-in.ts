import { fileURLToPath } from 'node:url';

/**
 * The path of the stand-in client, a script for any POSIX shell. It takes the client's command line, prints the
 * client's log and runs the program, and reaches no GPU; its own head says what it reads and writes.
 */
export const standIn: string = fileURLToPath(new URL('../../stand-in/bitfusion', import.meta.url));

/** What the stand-in takes for the world around it. */
export interface StandInOptions {
  /** In front of the paths that it has built in, for a machine where they are not free; default none. */
  readonly root?: string;
  /** Where its `.bitfusion` is, below `root`; default the `HOME` that it runs with. */
  readonly home?: string;
  /** GPUs of the pool; default 4. */
  readonly gpus?: number;
  /** MiB of each GPU; default 16 160. */
  readonly gpuMemory?: number;
  /** The form of its log follows the major number, 2 to 4; default `4.5.0`. */
  readonly version?: string;
  /** To fail as the client does when no server answers, or when its token is a year old. */
  readonly failure?: 'unreachable' | 'token-expired';
}

/** Variables for the stand-in's environment. */
export type StandInEnvironment = Readonly<Record<string, string>>;

/** The variables that make the stand-in see the world so; to be added to an environment. */
export function standInEnvironment(options: StandInOptions): StandInEnvironment {
  const variables = {
    BITFUSION_STAND_IN_ROOT: options.root,
    BITFUSION_STAND_IN_HOME: options.home,
    BITFUSION_STAND_IN_GPUS: options.gpus?.toString(),
    BITFUSION_STAND_IN_GPU_MEMORY: options.gpuMemory?.toString(),
    BITFUSION_STAND_IN_VERSION: options.version,
    BITFUSION_STAND_IN_FAILURE: options.failure,
  };
  const given = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(given);
}
