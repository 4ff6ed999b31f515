import { setTimeout as sleep } from 'node:timers/promises';

import type { Attack } from './attack.ts';
import { HonestClient } from './honest-client.ts';
import type { Target } from './target.ts';

/** What no attack may bring about (B70). */
export interface AttackLimits {
  /** CPU time of one review; honest ones that are answered meanwhile are in it. */
  readonly cpuMs: number;
  /** MiB. */
  readonly memory: number;
  /** Of another request. */
  readonly waitMs: number;
}

/** The machine is shared by the webhook, the attacker and the honest client, so waits get a margin. */
export const attackLimits: AttackLimits = { cpuMs: 400, memory: 256, waitMs: 400 + 200 };

export interface AttackResult {
  readonly name: string;
  readonly answer: string;
  readonly cpuMs: number;
  readonly waitMs: number;
  readonly peakMemory: number;
  /** Which limits did not hold. */
  readonly broken: readonly string[];
}

/** A review may take long on a slow machine; a flood ends by itself before. */
const longestMs = 30_000;

/** Runs the attacks one after the other, beside an honest client. */
export async function* runAttacks(
  target: Target,
  attacks: readonly Attack[],
  limits: AttackLimits = attackLimits,
): AsyncGenerator<AttackResult> {
  await using honest = new HonestClient(target.port);
  // So that the first attack is not charged for what the first requests of a process take.
  await sleep(1500);
  for (const attack of attacks) {
    const { name, isReview } = attack;
    await honest.waits();
    target.reset();
    const answer = await attack.run(target.port, AbortSignal.timeout(longestMs));
    await sleep(200);
    const { longestMs: waitMs, answered, failures } = await honest.waits();
    if (!target.isRunning) {
      yield { name, answer, cpuMs: 0, waitMs, peakMemory: 0, broken: ['the webhook ended'] };
      return;
    }
    const { cpuMs, peakMemory } = target.usage();
    const broken = [
      ...(isReview && cpuMs > limits.cpuMs ? ['CPU'] : []),
      ...(peakMemory > limits.memory ? ['memory'] : []),
      ...(waitMs > limits.waitMs || answered === 0 ? ['wait'] : []),
      ...(answer.startsWith('500') ? ['answer'] : []),
      ...(failures.length > 0 ? [`honest requests: ${[...new Set(failures)].join(', ')}`] : []),
    ];
    yield { name, answer, cpuMs, waitMs, peakMemory, broken };
  }
}

export function formatResult({ name, answer, cpuMs, waitMs, peakMemory, broken }: AttackResult): string {
  const columns = [
    name.slice(0, 44).padEnd(44),
    answer.slice(0, 44).padEnd(44),
    cpuMs.toFixed(0).padStart(7),
    waitMs.toFixed(0).padStart(7),
    peakMemory.toFixed(0).padStart(5),
  ];
  return `${columns.join('  ')}  ${broken.join(', ')}`.trimEnd();
}

export const resultHead = `${'attack'.padEnd(44)}  ${'answer'.padEnd(44)}  CPU ms  wait ms    MiB`;
