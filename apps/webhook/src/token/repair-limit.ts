import type { Clock } from '@bwki/timing';

/** A secret that somebody keeps changing costs one write in that time. */
const repairMs = 60_000;
/** A pod that needs the copy waits no longer than that: its creation is the dearer request. */
const repairForPodMs = 1000;

interface CopyHistory {
  /** Of the source that the copy was made from. */
  readonly fingerprint: string;
  /** When the copy was last made current again after somebody had changed or deleted it. */
  repairedAt: number | undefined;
}

/**
 * Tells repairs of copies from first writes and new tokens, and limits how often the same copy is repaired: at once
 * the first time, then with a minute between. Repairs by other replicas count, as the watch shows them.
 */
export class RepairLimit {
  readonly #histories = new Map<string, CopyHistory>();
  readonly #clock: Pick<Clock, 'now'>;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whether a write would make a copy again that was current with this source before. */
  isRepair(namespace: string, fingerprint: string): boolean {
    return this.#histories.get(namespace)?.fingerprint === fingerprint;
  }

  /** Milliseconds until the copy may be written. */
  delay(namespace: string, fingerprint: string, cause: 'pod' | 'background'): number {
    const history = this.#histories.get(namespace);
    if (history?.fingerprint !== fingerprint || history.repairedAt === undefined) return 0;
    const pause = cause === 'pod' ? repairForPodMs : repairMs;
    return Math.max(0, history.repairedAt + pause - this.#clock.now());
  }

  /** The copy has become current, or a write of a repair had an end that counts as one. */
  settled(namespace: string, fingerprint: string, { isRepair }: { readonly isRepair: boolean }): void {
    const repairedAt = isRepair ? this.#clock.now() : undefined;
    const history = this.#histories.get(namespace);
    if (history?.fingerprint !== fingerprint) this.#histories.set(namespace, { fingerprint, repairedAt });
    else if (isRepair) history.repairedAt = repairedAt;
  }

  forget(namespace: string): void {
    this.#histories.delete(namespace);
  }
}
