import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { frameFlag, frameType } from '../../../src/authority/frame.ts';
import { parseFrames, type Frame } from './parse-frames.ts';

/** How a stream ended for the client: the server's headers, or its reset with an error code. */
export type Outcome = 'answered' | `reset ${number}`;

/** A client that sends the bytes it is given. */
export class RawClient implements Disposable {
  readonly socket: Socket;
  /** Resolves when the connection is no more, whoever ended it and however. */
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);

  constructor(path: string) {
    this.socket = connect(path);
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        resolve();
      });
    });
    this.socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
  }

  get frames(): readonly Frame[] {
    return parseFrames(this.#received);
  }

  /** Each piece reaches the server by itself. */
  async send(...pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      this.socket.write(piece);
      await nextTurn();
      await nextTurn();
    }
  }

  /** Waits until the frames have what is looked for. */
  async until<T>(find: (frames: readonly Frame[]) => T | undefined): Promise<T> {
    for (;;) {
      const found = find(this.frames);
      if (found !== undefined) return found;
      if (this.socket.destroyed) throw new Error('the server has closed the connection');
      await Promise.race([once(this.socket, 'data').catch(() => undefined), this.closed]);
    }
  }

  /** How so many streams ended, in the order of their ids. */
  async outcomes(count: number): Promise<readonly Outcome[]> {
    const ended = await this.until((frames) => {
      const byId = new Map<number, Outcome>();
      for (const { type, streamId, payload } of frames) {
        if (type === frameType.headers) byId.set(streamId, 'answered');
        if (type === 0x3 && !byId.has(streamId)) byId.set(streamId, `reset ${payload.readUInt32BE()}`);
      }
      return byId.size >= count ? byId : undefined;
    });
    return [...ended].sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
  }

  /** Waits for SETTINGS that are not an ACK. */
  async settings(): Promise<void> {
    await this.until((frames) =>
      frames.find(({ type, flags }) => type === frameType.settings && (flags & frameFlag.ack) === 0),
    );
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
