import type { Clock } from '@bwki/timing';

/** In another order each time, so that replicas do not race for the same one all the way. */
export function shuffled<T>(items: readonly T[], { random }: Pick<Clock, 'random'>): readonly T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
