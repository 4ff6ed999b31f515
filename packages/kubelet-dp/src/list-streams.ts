import type { ServerWritableStream } from '@grpc/grpc-js';

import type { DeviceList } from './device-list.ts';
import type { Empty } from './generated/v1beta1.ts';
import type { Entry, Latest } from './latest.ts';
import type { ListEvent } from './plugin-event.ts';

export interface ListStreamsOptions {
  readonly lists: Latest<DeviceList>;
  /** A number for each stream, over all servers of a plugin. */
  readonly nextNumber: () => number;
  readonly emit: (event: ListEvent) => void;
}

interface Reader {
  readonly ending: AbortController;
  hasList: boolean;
}

/** Why a stream ends, where it is not the plugin that ends it. */
const byKubelet = Symbol('the kubelet cancelled it');

/** The readers of the list at one server (B63). */
export class ListStreams {
  readonly #options: ListStreamsOptions;
  readonly #open = new Set<Reader>();
  #opened = 0;
  #isClosed = false;

  constructor(options: ListStreamsOptions) {
    this.#options = options;
  }

  /** How many there are now. */
  get open(): number {
    return this.#open.size;
  }

  /** How many there have been. */
  get opened(): number {
    return this.#opened;
  }

  /** Whether a reader that is still there has been sent a list. */
  get hasListed(): boolean {
    return [...this.#open].some(({ hasList }) => hasList);
  }

  /** Ends all streams, and those that come yet. */
  close(): void {
    this.#isClosed = true;
    for (const { ending } of this.#open) ending.abort();
  }

  /** Sends the list as it stands and then the newest one whenever the reader has taken the last; never rejects. */
  async serve(call: ServerWritableStream<Empty, Buffer>): Promise<void> {
    const { nextNumber, emit } = this.#options;
    const stream = nextNumber();
    const ending = new AbortController();
    call.once('cancelled', () => {
      ending.abort(byKubelet);
    });
    const reader = { ending, hasList: false };
    this.#open.add(reader);
    this.#opened += 1;
    emit({ kind: 'stream-opened', stream });
    if (this.#isClosed) ending.abort();
    await this.#send(call, stream, reader);
    this.#open.delete(reader);
    call.end();
    emit({
      kind: 'stream-ended',
      stream,
      endedBy: ending.signal.reason === byKubelet ? 'kubelet' : 'plugin',
    });
  }

  async #send(call: ServerWritableStream<Empty, Buffer>, stream: number, reader: Reader): Promise<void> {
    const { lists, emit } = this.#options;
    const { signal } = reader.ending;
    for (let seen: Entry<DeviceList> | undefined; ;) {
      seen = await lists.after(seen, signal);
      if (seen === undefined) return;
      const { size: devices, healthy, message } = seen.value;
      if (!(await isTaken(call, message, signal))) return;
      reader.hasList = true;
      emit({ kind: 'list-sent', stream, devices, healthy, bytes: message.length });
    }
  }
}

/** Resolves with true once the message has left, for which the kubelet may make it wait, or with false at the abort. */
async function isTaken(
  call: ServerWritableStream<Empty, Buffer>,
  message: Buffer,
  signal: AbortSignal,
): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onAbort = (): void => {
    resolve(false);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  call.write(message, () => {
    resolve(true);
  });
  const hasLeft = await promise;
  signal.removeEventListener('abort', onAbort);
  return hasLeft;
}
