import { clientPreface, frame, frameFlag, frameType } from '../../../src/authority/frame.ts';

/** How a header block is laid out in frames. */
export interface BlockLayout {
  readonly streamId: number;
  readonly endStream?: boolean;
  /** Bytes of padding; none, and no length of it either, when undefined. */
  readonly padding?: number | undefined;
  /** Weight of PRIORITY; none when undefined. */
  readonly weight?: number | undefined;
  /** Bytes of the block in each frame but the last; CONTINUATION carries what is left. */
  readonly cuts?: readonly number[];
}

/** HEADERS and CONTINUATION. */
export function headerFrames(block: Buffer, layout: BlockLayout): Buffer[] {
  const { streamId, endStream = false, padding, weight, cuts = [] } = layout;
  const parts: Buffer[] = [];
  let start = 0;
  for (const cut of cuts) {
    parts.push(block.subarray(start, start + cut));
    start += cut;
  }
  parts.push(block.subarray(start));
  return parts.map((part, index) => {
    const end = index === parts.length - 1 ? frameFlag.endHeaders : 0;
    if (index > 0) return frame(frameType.continuation, end, streamId, part);
    const flags =
      end |
      (endStream ? frameFlag.endStream : 0) |
      (padding === undefined ? 0 : frameFlag.padded) |
      (weight === undefined ? 0 : frameFlag.priority);
    const payload = [
      padding === undefined ? [] : [padding],
      weight === undefined ? [] : [0, 0, 0, 0, weight],
      [...part],
      Array.from({ length: padding ?? 0 }, () => 0),
    ];
    return frame(frameType.headers, flags, streamId, Buffer.from(payload.flat()));
  });
}

export const emptySettings: Buffer = frame(frameType.settings, 0, 0, Buffer.alloc(0));
export const settingsAck: Buffer = frame(frameType.settings, frameFlag.ack, 0, Buffer.alloc(0));
export const opening: Buffer = Buffer.concat([clientPreface, emptySettings]);

export function data(streamId: number, payload: string | Buffer, endStream = false): Buffer {
  return frame(0x0, endStream ? frameFlag.endStream : 0, streamId, Buffer.from(payload));
}

export function ping(payload = 'pingpong'): Buffer {
  return frame(0x6, 0, 0, Buffer.from(payload));
}

export function windowUpdate(streamId: number, increment: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(increment);
  return frame(frameType.windowUpdate, 0, streamId, payload);
}
