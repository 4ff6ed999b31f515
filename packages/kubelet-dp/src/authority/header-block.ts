import { ConnectionFault } from './connection-fault.ts';
import {
  frame,
  frameFlag,
  frameHeaderLength,
  frameType,
  safePayloadLength,
  type FrameHeader,
} from './frame.ts';

const priorityLength = 5;

/** A header block on its way: HEADERS, and CONTINUATION until END_HEADERS. */
export class HeaderBlock {
  readonly streamId: number;
  /** The frames as they came. */
  readonly frames: Buffer[];
  readonly #endStream: number;
  /** The fields' payload of PRIORITY, empty without the flag. */
  readonly #priority: Buffer;
  readonly #fragments: Buffer[];
  #complete: boolean;

  /**
   * @param header of a HEADERS frame
   * @param bytes the whole frame
   * @throws ConnectionFault if what the flags announce does not fit into it
   */
  constructor(header: FrameHeader, bytes: Buffer) {
    const payload = withoutPadding(header, bytes.subarray(frameHeaderLength));
    const fragmentStart = (header.flags & frameFlag.priority) === 0 ? 0 : priorityLength;
    if (payload.length < fragmentStart) throw new ConnectionFault('frame', 'HEADERS ends in its priority');
    this.streamId = header.streamId;
    this.frames = [bytes];
    this.#endStream = header.flags & frameFlag.endStream;
    this.#priority = payload.subarray(0, fragmentStart);
    this.#fragments = [payload.subarray(fragmentStart)];
    this.#complete = hasEnded(header);
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** What HPACK made, once it is complete. */
  get packed(): Buffer {
    return Buffer.concat(this.#fragments);
  }

  /** @param bytes a whole CONTINUATION frame */
  continue(header: FrameHeader, bytes: Buffer): void {
    this.frames.push(bytes);
    this.#fragments.push(bytes.subarray(frameHeaderLength));
    this.#complete = hasEnded(header);
  }

  /** Frames of another block in the place of this one, with its stream, end and priority; padding goes. */
  framesFor(packed: Buffer): readonly Buffer[] {
    const payload = Buffer.concat([this.#priority, packed]);
    const frames: Buffer[] = [];
    let start = 0;
    do {
      const end = start + safePayloadLength;
      const isFirst = start === 0;
      const type = isFirst ? frameType.headers : frameType.continuation;
      const firstFlags = this.#endStream | (this.#priority.length === 0 ? 0 : frameFlag.priority);
      const flags = (isFirst ? firstFlags : 0) | (end < payload.length ? 0 : frameFlag.endHeaders);
      frames.push(frame(type, flags, this.streamId, payload.subarray(start, end)));
      start = end;
    } while (start < payload.length);
    return frames;
  }
}

function hasEnded({ flags }: FrameHeader): boolean {
  return (flags & frameFlag.endHeaders) !== 0;
}

/** With PADDED the first byte says how many at the end are padding. */
function withoutPadding({ flags }: FrameHeader, payload: Buffer): Buffer {
  if ((flags & frameFlag.padded) === 0) return payload;
  const [padding] = payload;
  if (padding === undefined || padding >= payload.length) {
    throw new ConnectionFault('frame', 'HEADERS has more padding than payload');
  }
  return payload.subarray(1, payload.length - padding);
}
