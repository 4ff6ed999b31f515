import type { IncomingMessage } from 'node:http';

import { err, ok, type Result } from '@bwki/plain-data';

import type { BodyBudget } from './body-budget.ts';
import { type Body, BodyStore } from './body-store.ts';

export type BodyFault =
  /** More bytes than are read. */
  | 'too-large'
  /** So many small pieces that taking them takes more than the body is worth. */
  | 'too-many-pieces'
  /** Slower than all others when there was no memory left. */
  | 'dropped'
  /** The client went away before the end, so nobody hears an answer. */
  | 'aborted';

/**
 * Above the limit the rest is read and thrown away up to so many times the limit: a client that is still writing
 * when the connection closes would see a reset, not the answer.
 */
const discardFactor = 4;

/** TLS records of a Go client have 1.2 KB or more, and each piece takes some microseconds whatever its size. */
const freePieces = 1024;
const bytesPerPiece = 256;

/** The whole body, as long as it has at most `maxBytes`; never more than that is held. */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  budget: BodyBudget,
): Promise<Result<Body, BodyFault>> {
  const announced = Number(request.headers['content-length'] ?? Number.NaN);
  if (announced > maxBytes * discardFactor) return Promise.resolve(err('too-large'));
  return new Promise((resolve) => {
    let isSettled = false;
    const settle = (result: Result<Body, BodyFault>): void => {
      isSettled = true;
      if (!result.ok) {
        store.free();
        request.pause();
      }
      resolve(result);
    };
    const store = new BodyStore(announced > 0 ? Math.min(announced, maxBytes) : maxBytes, budget, () => {
      settle(err('dropped'));
    });
    let length = 0;
    let pieces = 0;
    request.on('data', (chunk: Buffer) => {
      if (isSettled) return;
      length += chunk.length;
      pieces += 1;
      if (pieces > freePieces + length / bytesPerPiece) settle(err('too-many-pieces'));
      else if (length > maxBytes * discardFactor) settle(err('too-large'));
      else if (length > maxBytes || announced > maxBytes) store.free();
      else store.add(chunk);
    });
    request.once('end', () => {
      if (isSettled) return;
      settle(length > maxBytes ? err('too-large') : ok(store.complete()));
    });
    // The one or the other comes first where the client goes away, and too late to matter where it does not.
    const abort = (): void => {
      if (!isSettled) settle(err('aborted'));
    };
    request.once('close', abort).once('error', abort);
  });
}
