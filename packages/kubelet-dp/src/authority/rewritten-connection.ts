import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Turns a chunk of the client's bytes into what is for the server; throws at bytes that end the connection. */
export type Rewrite = (chunk: Buffer) => readonly Buffer[];

type Done = (error?: Error | null) => void;

/** A socket whose incoming bytes are rewritten; whatever ends the one ends the other. */
export class RewrittenConnection extends Duplex {
  readonly #socket: Socket;
  readonly #rewrite: Rewrite;

  /** @param start what has been read from the socket and rewritten already */
  constructor(socket: Socket, start: Buffer, rewrite: Rewrite) {
    super();
    this.#socket = socket;
    this.#rewrite = rewrite;
    if (start.length > 0) this.push(start);
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.once('end', () => this.push(null));
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#socket.write(chunk, done);
  }

  override _writev(parts: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.#socket.cork();
    parts.forEach(({ chunk }, index) =>
      this.#socket.write(chunk, index === parts.length - 1 ? done : undefined),
    );
    this.#socket.uncork();
  }

  override _final(done: Done): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#socket.destroy();
    done(error);
  }

  #receive(chunk: Buffer): void {
    let wantsMore = true;
    for (const part of this.#rewrite(chunk)) wantsMore = this.push(part);
    if (!wantsMore) this.#socket.pause();
  }
}
