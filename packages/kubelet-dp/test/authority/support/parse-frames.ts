import { frameFlag, frameHeaderLength, frameType, readFrameHeader } from '../../../src/authority/frame.ts';

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** Whole frames from the start of `bytes`. */
export function parseFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  let start = 0;
  while (bytes.length - start >= frameHeaderLength) {
    const { length, ...header } = readFrameHeader(bytes.subarray(start));
    const end = start + frameHeaderLength + length;
    if (end > bytes.length) break;
    frames.push({ ...header, payload: bytes.subarray(start + frameHeaderLength, end) });
    start = end;
  }
  return frames;
}

export interface Block {
  readonly streamId: number;
  readonly endStream: boolean;
  readonly weight: number | undefined;
  readonly packed: Buffer;
}

/** The header blocks among frames, and the other frames, each in their order. */
export function gatherBlocks(frames: readonly Frame[]): {
  readonly blocks: Block[];
  readonly others: Frame[];
} {
  const blocks: Block[] = [];
  const others: Frame[] = [];
  for (const one of frames) {
    if (one.type === frameType.headers) blocks.push(openBlock(one));
    else if (one.type === frameType.continuation) {
      const block = blocks.pop();
      if (block === undefined) throw new Error('CONTINUATION of nothing');
      blocks.push({ ...block, packed: Buffer.concat([block.packed, one.payload]) });
    } else others.push(one);
  }
  return { blocks, others };
}

function openBlock({ flags, streamId, payload }: Frame): Block {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const padding = has(frameFlag.padded) ? payload.readUInt8(0) : undefined;
  const unpadded = padding === undefined ? payload : payload.subarray(1, payload.length - padding);
  const weight = has(frameFlag.priority) ? unpadded.readUInt8(4) : undefined;
  const packed = weight === undefined ? unpadded : unpadded.subarray(5);
  return { streamId, endStream: has(frameFlag.endStream), weight, packed };
}
