import { inject } from 'vitest';

/**
 * How often a long test repeats: `usual` in every run, `soak` in the runs of `make soak`. The small number still
 * fails where the behaviour is broken; the large one finds what is rare.
 */
export function soakLength(lengths: { readonly usual: number; readonly soak: number }): number {
  const e2e = inject('e2e');
  return e2e.kind === 'own' && e2e.soak ? lengths.soak : lengths.usual;
}
