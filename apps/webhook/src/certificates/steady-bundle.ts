import type { WebhookConfiguration } from './certificate-api.ts';
import { caBundleOf, type CertificateState } from './certificate-state.ts';
import { settleMsBefore } from './rotation-schedule.ts';

/** What one look at the cluster saw. */
export interface Look {
  readonly state: CertificateState;
  readonly configurations: readonly WebhookConfiguration[];
  /** Whether the secret names this replica: where somebody emptied the annotation, the others are not named either. */
  readonly isKnown: boolean;
}

/**
 * Knows for how long every look has seen the same state, and its whole bundle in every configuration. Only time tells
 * that API servers act on what is stored: each learns of it by a watch of its own.
 */
export class SteadyBundle {
  readonly #settleMs: number;
  #steady: { readonly phase: string; readonly since: Date } | undefined;

  constructor(settleMs: number) {
    this.#settleMs = settleMs;
  }

  isSettled({ state, configurations, isKnown }: Look, now: Date): boolean {
    const bundle = caBundleOf(state);
    const isHeld = configurations.every(({ webhooks }) => webhooks.every((one) => one.caBundle === bundle));
    if (!isHeld || !isKnown) {
      this.#steady = undefined;
      return false;
    }
    const phase = `${state.current?.fingerprint ?? ''} ${bundle}`;
    if (this.#steady?.phase !== phase) this.#steady = { phase, since: now };
    const { since } = this.#steady;
    const settleMs = settleMsBefore(state.current?.notAfter ?? now, since, this.#settleMs);
    return now.getTime() - since.getTime() >= settleMs;
  }
}
