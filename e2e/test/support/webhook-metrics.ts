/** How often each value of a metric was counted, by its name and labels as they stand: `requests_total{outcome="x"}`. */
export type Samples = ReadonlyMap<string, number>;

export async function readSamples(healthUrl: string): Promise<Samples> {
  const text = await (await fetch(`${healthUrl}/metrics`)).text();
  const lines = text.matchAll(/^(\w+(?:\{.*\})?) (\S+)$/gm);
  return new Map([...lines].map(([, name = '', value]) => [name, Number(value)]));
}

/** What has been counted from `before` to `after`, or since the start, by all together. */
export function counted(after: readonly Samples[], before: readonly Samples[] = []): Samples {
  const sums = new Map<string, number>();
  for (const [list, sign] of [[after, 1] as const, [before, -1] as const]) {
    for (const [name, value] of list.flatMap((samples) => [...samples])) {
      sums.set(name, (sums.get(name) ?? 0) + sign * value);
    }
  }
  return sums;
}

/** Seconds that so much of the requests to an endpoint took at most: the upper end of a bucket of the histogram. */
export function durationQuantile(samples: Samples, webhook: 'mutate' | 'validate', share: number): number {
  const buckets = [...samples].flatMap(([name, count]) => {
    const found =
      /^bwki_admission_duration_seconds_bucket\{.*\}$/.test(name) && name.includes(`"${webhook}"`);
    return found
      ? [{ upTo: Number(/le="([^"]+)"/.exec(name)?.[1]?.replace('+Inf', 'Infinity')), count }]
      : [];
  });
  const all = buckets.find(({ upTo }) => upTo === Infinity)?.count ?? 0;
  return Math.min(...buckets.filter(({ count }) => count >= share * all).map(({ upTo }) => upTo));
}
