const usual = { rounds: 7, milliseconds: 150 };

/** Every answer is kept here for a moment: an object that nobody can see might never be made. */
let latest: unknown;

/**
 * Calls per second in the best of some rounds, since what disturbs a round can only slow it down.
 *
 * @param callsBetweenClocks so many that reading the clock does not count
 */
export function rateOf(
  call: () => unknown,
  callsBetweenClocks: number,
  { rounds, milliseconds } = usual,
): number {
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    let done = 0;
    let elapsed: number;
    do {
      for (let turn = 0; turn < callsBetweenClocks; turn++) latest = call();
      done += callsBetweenClocks;
      elapsed = performance.now() - start;
    } while (elapsed < milliseconds);
    best = Math.max(best, (done * 1000) / elapsed);
  }
  if (latest === undefined) throw new Error('nothing was measured');
  return best;
}
