import { withAcceptedAuthority } from './accepted-authority.ts';
import { ByteQueue } from './byte-queue.ts';
import { ConnectionFault } from './connection-fault.ts';
import {
  clientPreface,
  frameFlag,
  frameHeaderLength,
  frameType,
  readFrameHeader,
  type FrameHeader,
} from './frame.ts';
import { HeaderBlock } from './header-block.ts';
import { encodeLiterals } from './hpack/encode-literals.ts';
import { HeaderDecoder } from './hpack/header-decoder.ts';

/**
 * How long a header block may be: its frames as they come, and its fields unpacked. 64 KiB, which is nghttp2's own limit
 * for the latter.
 */
const longestHeaderBlock = 65_536;

/** What a client may send before its first request without anybody having to answer it. */
const quietFrames: ReadonlySet<number> = new Set([
  frameType.settings,
  frameType.windowUpdate,
  frameType.priority,
]);

/**
 * The bytes of a client, with an authority that Node's HTTP/2 accepts. The first request decides for the whole
 * connection, as a gRPC client has one authority for all calls of a connection:
 *
 * - it is accepted: all bytes pass as they are, and nobody looks at them any more;
 * - it is not: every header block is decoded and encoded anew, trailers and other requests too, since the client's
 *   encoder and the server's decoder no longer have the same table. Other frames pass.
 */
export class AuthorityRewriter {
  readonly #queue = new ByteQueue();
  readonly #decoder = new HeaderDecoder(longestHeaderBlock);
  #verdict: 'undecided' | 'accepted' | 'rewritten' = 'undecided';
  #hasPreface = false;
  #hasSettings = false;
  #asksServer = false;
  #settingsAckDue = false;
  #transparent = false;
  /** Bytes still to come of a frame's payload that passes. */
  #passing = 0;
  #block: HeaderBlock | undefined;
  #blockLength = 0;

  get undecided(): boolean {
    return this.#verdict === 'undecided';
  }

  /** Whether all bytes pass from here on: none is held back, and `push` need not be called any more. */
  get transparent(): boolean {
    return this.#transparent;
  }

  /** Whether the client has sent its own SETTINGS: it may now be waiting for the server's before its first request. */
  get hasSettings(): boolean {
    return this.#hasSettings;
  }

  /** Whether the client has sent something before its first request that only the server can answer, such as PING. */
  get asksServer(): boolean {
    return this.#asksServer;
  }

  /** Tells that SETTINGS were sent in the server's name: their ACK, the next one, is not for the server. */
  expectSettingsAck(): void {
    this.#settingsAckDue = true;
  }

  /**
   * @param chunk the client's next bytes, cut anywhere
   * @returns what is for the server so far
   * @throws ConnectionFault; nothing more can be pushed then
   */
  push(chunk: Buffer): readonly Buffer[] {
    if (this.#transparent) return [chunk];
    this.#queue.push(chunk);
    const passed: Buffer[] = [];
    while (this.#advance(passed));
    return passed;
  }

  /** @returns whether there may be more to do with the bytes that are there */
  #advance(passed: Buffer[]): boolean {
    if (this.#transparent) return this.#pass(this.#queue.length, passed);
    if (!this.#hasPreface) return this.#readPreface(passed);
    if (this.#passing > 0) {
      const length = Math.min(this.#passing, this.#queue.length);
      this.#passing -= length;
      return this.#pass(length, passed);
    }
    return this.#readFrame(passed);
  }

  #pass(length: number, passed: Buffer[]): boolean {
    if (length === 0) return false;
    passed.push(this.#queue.take(length));
    return true;
  }

  #readPreface(passed: Buffer[]): boolean {
    const start = this.#queue.peek(clientPreface.length);
    if (!start.equals(clientPreface.subarray(0, start.length))) {
      // Not HTTP/2: the server has its own answer to that.
      this.#verdict = 'accepted';
      this.#transparent = true;
      return true;
    }
    this.#hasPreface = start.length === clientPreface.length;
    return this.#hasPreface && this.#pass(clientPreface.length, passed);
  }

  #readFrame(passed: Buffer[]): boolean {
    if (this.#queue.length < frameHeaderLength) return false;
    const header = readFrameHeader(this.#queue.peek(frameHeaderLength));
    if (this.#verdict !== 'accepted' && this.#belongsToBlock(header)) return this.#readBlock(header, passed);
    if (this.#settingsAckDue && isSettingsAck(header)) {
      this.#queue.take(frameHeaderLength);
      this.#settingsAckDue = false;
      this.#transparent = this.#verdict === 'accepted';
      return true;
    }
    this.#hasSettings ||= header.type === frameType.settings;
    this.#asksServer ||= !quietFrames.has(header.type);
    this.#passing = header.length;
    return this.#pass(frameHeaderLength, passed);
  }

  /** @throws ConnectionFault for a frame between those of a block, which HTTP/2 forbids */
  #belongsToBlock({ type, streamId }: FrameHeader): boolean {
    if (this.#block === undefined) return type === frameType.headers;
    if (type === frameType.continuation && streamId === this.#block.streamId) return true;
    throw new ConnectionFault('frame', `a frame of type ${type} interrupts a header block`);
  }

  #readBlock(header: FrameHeader, passed: Buffer[]): boolean {
    const frameLength = frameHeaderLength + header.length;
    if (this.#blockLength + frameLength > longestHeaderBlock) {
      throw new ConnectionFault('header-size', `a header block has more than ${longestHeaderBlock} bytes`);
    }
    if (this.#queue.length < frameLength) return false;
    const bytes = this.#queue.take(frameLength);
    this.#blockLength += frameLength;
    if (this.#block === undefined) this.#block = new HeaderBlock(header, bytes);
    else this.#block.continue(header, bytes);
    if (this.#block.complete) this.#finish(this.#block, passed);
    return true;
  }

  #finish(block: HeaderBlock, passed: Buffer[]): void {
    this.#block = undefined;
    this.#blockLength = 0;
    const { fields, sizeUpdates } = this.#decoder.decode(block.packed);
    const accepted = withAcceptedAuthority(fields);
    if (this.#verdict === 'undecided') this.#verdict = accepted === undefined ? 'accepted' : 'rewritten';
    if (this.#verdict === 'accepted') {
      this.#transparent = !this.#settingsAckDue;
      passed.push(...block.frames);
    } else {
      passed.push(...block.framesFor(Buffer.concat([sizeUpdates, encodeLiterals(accepted ?? fields)])));
    }
  }
}

function isSettingsAck({ type, flags, length }: FrameHeader): boolean {
  return type === frameType.settings && (flags & frameFlag.ack) !== 0 && length === 0;
}
