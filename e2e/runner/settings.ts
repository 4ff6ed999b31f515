import { join } from 'node:path';

/** What a run was asked for, from its arguments and the environment. */
export interface Settings {
  /** Only test files whose path has one of these in it; all when empty. */
  readonly filters: readonly string[];
  /** Whether the run stays in the namespaces of its caller (`--here`). */
  readonly here: boolean;
  /** Whether long tests run at their full length (`--soak`). */
  readonly soak: boolean;
  /** `KUBEBUILDER_ASSETS` */
  readonly assetsDirectory: string | undefined;
  /** `KUBECONFIG`: an existing cluster instead of one of our own. */
  readonly kubeconfigPath: string | undefined;
  readonly cacheDirectory: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export function readSettings(args: readonly string[], environment: Environment): Settings {
  return {
    filters: args.filter((argument) => !argument.startsWith('--')),
    here: args.includes('--here'),
    soak: args.includes('--soak'),
    assetsDirectory: given(environment['KUBEBUILDER_ASSETS']),
    kubeconfigPath: given(environment['KUBECONFIG']),
    cacheDirectory: join(
      given(environment['XDG_CACHE_HOME']) ?? join(environment['HOME'] ?? '/tmp', '.cache'),
      'bwki',
    ),
  };
}

/** An empty variable counts as none, as everywhere in a shell. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
