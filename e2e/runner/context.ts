import type { Toolbox } from '../harness/index.ts';

/** What the runner tells the tests: what they may start, or which cluster is there already. */
export type E2eContext =
  | {
      readonly kind: 'own';
      readonly tools: Toolbox;
      /** In memory where the run has a mount namespace of its own. */
      readonly workDirectory: string;
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
