/** How much memory bodies take together. Bytes. */
export interface BodyLimits {
  /** One body that holds at most so much counts as small. */
  readonly smallBody: number;
  /** All small bodies. */
  readonly smallBodies: number;
  /** All others. */
  readonly largeBodies: number;
}

/** Two bodies of the largest size at once, and hundreds of usual ones; all of it fits the chart's memory limit. */
export const bodyLimits: BodyLimits = {
  smallBody: 256 * 1024,
  smallBodies: 8 * 1024 * 1024,
  largeBodies: 20 * 1024 * 1024,
};

/** What one body holds of the budget, from its first byte until it is decided upon. */
export interface BodyShare {
  /**
   * Takes more, from the slowest body if nothing is left, which may be this one.
   *
   * @param held bytes that this body is to hold from now on in all
   * @param received bytes that have come so far, by which slowness is measured
   * @returns false if this body was dropped
   */
  grow(held: number, received: number): boolean;
  /** The whole body has come: it is not dropped any more. */
  complete(): void;
  release(): void;
}

/**
 * Shares memory out to the bodies in flight, in two pools, one for small bodies and one for the others. Where a pool is full,
 * the unfinished body with the lowest rate is dropped, so that slow senders do not shut out the others.
 */
export class BodyBudget {
  readonly #limits: BodyLimits;
  readonly #now: () => number;
  readonly #small: Pool;
  readonly #large: Pool;

  /** @param now milliseconds of a clock that never goes back */
  constructor(limits: BodyLimits = bodyLimits, now: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#now = now;
    this.#small = new Pool(limits.smallBodies);
    this.#large = new Pool(limits.largeBodies);
  }

  /** Bytes held by all bodies. */
  get held(): number {
    return this.#small.held + this.#large.held;
  }

  /** @param drop called at most once, when the memory is given to another body or cannot be had */
  open(drop: () => void): BodyShare {
    const body: Body = { held: 0, received: 0, start: this.#now(), pool: this.#small, drop };
    return {
      grow: (held, received) => {
        body.received = received;
        const pool = held > this.#limits.smallBody ? this.#large : this.#small;
        if (pool !== body.pool) body.pool.remove(body);
        return pool.hold(body, held, this.#now());
      },
      complete: () => {
        body.pool.keep(body);
      },
      release: () => {
        body.pool.remove(body);
      },
    };
  }
}

interface Body {
  held: number;
  received: number;
  readonly start: number;
  pool: Pool;
  readonly drop: () => void;
}

class Pool {
  readonly #limit: number;
  readonly #unfinished = new Set<Body>();
  held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  hold(body: Body, bytes: number, now: number): boolean {
    if (body.pool !== this) body.held = 0;
    body.pool = this;
    this.#unfinished.add(body);
    while (this.held + bytes - body.held > this.#limit) {
      const slowest = this.#slowest(now);
      if (slowest === undefined) return false;
      this.remove(slowest);
      slowest.drop();
      if (slowest === body) return false;
    }
    this.held += bytes - body.held;
    body.held = bytes;
    return true;
  }

  keep(body: Body): void {
    this.#unfinished.delete(body);
  }

  remove(body: Body): void {
    this.#unfinished.delete(body);
    this.held -= body.held;
    body.held = 0;
  }

  /** Looks at all of them: a body grows only some twelve times. */
  #slowest(now: number): Body | undefined {
    let slowest: Body | undefined;
    let lowest = Infinity;
    for (const body of this.#unfinished) {
      const rate = body.received / (now - body.start + 1);
      if (rate < lowest) [slowest, lowest] = [body, rate];
    }
    return slowest;
  }
}
