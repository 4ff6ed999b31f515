import type { Toolbox } from '../harness/index.ts';

/** What the runner tells the tests: what they may start, or which cluster is there already. */
export type E2eContext =
  | {
      readonly kind: 'own';
      readonly tools: Toolbox;
      /** A static busybox; undefined when no test of the run starts a node or builds an image. */
      readonly busybox: string | undefined;
      /** For images that are built during the tests. */
      readonly cacheDirectory: string;
      /** In memory where the run has a mount namespace of its own. */
      readonly workDirectory: string;
      /** Whether long tests run at their full length. */
      readonly soak: boolean;
    }
  | {
      readonly kind: 'existing';
      readonly kubeconfigPath: string;
      readonly kubectl: string;
      readonly workDirectory: string;
    };

declare module 'vitest' {
  interface ProvidedContext {
    readonly e2e: E2eContext;
  }
}
