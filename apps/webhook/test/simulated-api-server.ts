import { X509Certificate } from 'node:crypto';

import type { ServingCertificate } from '../src/tls/certificate-source.ts';
import type { SimulatedTime } from './simulated-time.ts';

interface Change {
  readonly knownAt: number;
  readonly kind: string;
  readonly bundle: string;
}

export interface SimulatedApiServerOptions {
  readonly time: SimulatedTime;
  /** How late it learns of the next change, in milliseconds. */
  readonly lagMs: () => number;
  /** How far its clock is ahead; negative where it is behind. */
  readonly aheadMs: number;
}

/** An API server as a client of the webhook: it learns late of what is stored, and has a clock of its own. */
export class SimulatedApiServer {
  readonly #options: SimulatedApiServerOptions;
  #coming: Change[] = [];
  readonly #bundles = new Map<string, string>();
  readonly #judged = new Map<string, boolean>();

  constructor(options: SimulatedApiServerOptions) {
    this.#options = options;
  }

  stored(kind: string, bundle: string): void {
    const { time, lagMs } = this.#options;
    // A watch keeps the order: no change is known before the one before it.
    const knownAt = Math.max(time.now + lagMs(), this.#coming.at(-1)?.knownAt ?? 0);
    this.#coming.push({ knownAt, kind, bundle });
  }

  /** Why it calls a replica that serves this in vain; by configuration. */
  faultsOf({ cert, notAfter }: ServingCertificate): readonly string[] {
    const { time, aheadMs } = this.#options;
    for (const { kind, bundle } of this.#coming.filter(({ knownAt }) => knownAt <= time.now)) {
      this.#bundles.set(kind, bundle);
    }
    this.#coming = this.#coming.filter(({ knownAt }) => knownAt > time.now);
    if (notAfter.getTime() <= time.now + aheadMs) return ['expired'];
    return Array.from(this.#bundles, ([kind, bundle]) => (this.#trusts(cert, bundle) ? [] : [kind])).flat();
  }

  #trusts(cert: string, bundle: string): boolean {
    const key = cert + bundle;
    const known = this.#judged.get(key);
    if (known !== undefined) return known;
    const serving = new X509Certificate(cert);
    const authorities = bundle.split(/(?=-----BEGIN)/).map((pem) => new X509Certificate(pem));
    const isTrusted = authorities.some(({ publicKey }) => serving.verify(publicKey));
    this.#judged.set(key, isTrusted);
    return isTrusted;
  }
}
