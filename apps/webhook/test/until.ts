import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves once the condition holds; fails after 10 s. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error('it did not come to pass');
    await sleep(10);
  }
}
