import type { Socket } from 'node:net';

/** One connection, from its first packet on. */
export interface Connection {
  /** A request has come whole and is being decided. */
  deciding(): void;
  /** @param isReview whether the request was a review, so that an API server is likely at the other end */
  answered(isReview: boolean): void;
}

interface Entry extends Connection {
  readonly socket: Socket;
  waiting: number;
  hasReviewed: boolean;
  /** When its state changed last, as a number that only grows. */
  turn: number;
}

/**
 * Bounds how many connections there are. Where all are taken, a new one takes the place of another: at first of those that
 * have never sent a review, which includes unfinished TLS handshakes, then of those that have nothing to wait for; among
 * these, of the one with the longest silence. So whoever holds connections open does not shut out API servers.
 */
export class ConnectionLimit {
  readonly #max: number;
  readonly #entries = new Map<string, Entry>();
  #turn = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Adds a connection that was accepted; it leaves when its socket closes. */
  add(socket: Socket): void {
    const key = keyOf(socket);
    if (this.#entries.size >= this.#max) this.#worst()?.socket.destroy();
    const entry: Entry = {
      socket,
      waiting: 0,
      hasReviewed: false,
      turn: this.#turn++,
      deciding: () => {
        entry.waiting += 1;
        entry.turn = this.#turn++;
      },
      answered: (isReview) => {
        entry.waiting -= 1;
        entry.hasReviewed ||= isReview;
        entry.turn = this.#turn++;
      },
    };
    this.#entries.set(key, entry);
    socket.once('close', () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
  }

  /** @param socket as it was added, or the TLS socket above it */
  of(socket: Pick<Socket, 'remoteAddress' | 'remotePort'>): Connection | undefined {
    return this.#entries.get(keyOf(socket));
  }

  #worst(): Entry | undefined {
    let worst: Entry | undefined;
    for (const entry of this.#entries.values()) {
      if (worst === undefined || isWorse(entry, worst)) worst = entry;
    }
    // Its place is free at once; `close` comes later.
    if (worst !== undefined) this.#entries.delete(keyOf(worst.socket));
    return worst;
  }
}

function isWorse(one: Entry, other: Entry): boolean {
  return rank(one) - rank(other) < 0 || (rank(one) === rank(other) && one.turn < other.turn);
}

function rank({ waiting, hasReviewed }: Entry): number {
  return waiting > 0 ? 2 : hasReviewed ? 1 : 0;
}

function keyOf({ remoteAddress, remotePort }: Pick<Socket, 'remoteAddress' | 'remotePort'>): string {
  return `${remoteAddress} ${remotePort}`;
}
