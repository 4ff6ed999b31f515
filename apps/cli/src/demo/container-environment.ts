import type { ContainerLike } from '@bwki/spec-parser';

import { expandReferences } from './kubernetes-expansion.ts';

/**
 * A container's variables with their values. Each may refer to those above it. What comes from elsewhere (`valueFrom`)
 * is known to the cluster only; a text with blanks and brackets stands for it, which nothing may split or expand.
 */
export function containerEnvironment({ env = [] }: ContainerLike): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const { name = '', value = '', valueFrom } of env) {
    variables.set(name, valueFrom ? `(value of ${name})` : expandReferences(value, variables));
  }
  return variables;
}
