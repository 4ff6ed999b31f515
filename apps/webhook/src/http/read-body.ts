import type { IncomingMessage } from 'node:http';

import { err, ok, type Result } from '@bwki/quota-calc';

export type BodyFault =
  /** More bytes than are read. */
  | 'too-large'
  /** The client went away before the end, so nobody hears an answer. */
  | 'aborted';

/**
 * Above the limit the rest is read and thrown away up to so many times the limit: a client that is still writing
 * when the connection closes would see a reset, not the answer.
 */
const discardFactor = 4;

/** The whole body, as long as it has at most `maxBytes`; never more than that is held. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Result<Buffer, BodyFault>> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes * discardFactor) return Promise.resolve(err('too-large'));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else if (length <= maxBytes * discardFactor) chunks.length = 0;
      else {
        request.pause();
        resolve(err('too-large'));
      }
    });
    request.once('end', () => {
      if (length > maxBytes) resolve(err('too-large'));
      else resolve(ok(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)));
    });
    // The one or the other comes first where the client goes away, and too late to matter where it does not.
    const abort = (): void => {
      resolve(err('aborted'));
    };
    request.once('close', abort).once('error', abort);
  });
}
