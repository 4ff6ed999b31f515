/** HTTP/2 frames (RFC 9113, section 4), as far as header blocks need them. */

export const clientPreface: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** Bytes in front of every frame's payload. */
export const frameHeaderLength = 9;

/** What every peer takes, whatever its SETTINGS_MAX_FRAME_SIZE: 2^14 bytes of payload. */
export const safePayloadLength = 16_384;

export const frameType: Readonly<
  Record<'headers' | 'priority' | 'settings' | 'windowUpdate' | 'continuation', number>
> = Object.freeze({
  headers: 0x1,
  priority: 0x2,
  settings: 0x4,
  windowUpdate: 0x8,
  continuation: 0x9,
});

export const frameFlag: Readonly<Record<'ack' | 'endStream' | 'endHeaders' | 'padded' | 'priority', number>> =
  Object.freeze({
    /** Of SETTINGS. */
    ack: 0x1,
    /** The others are of HEADERS; END_HEADERS also of CONTINUATION. */
    endStream: 0x1,
    endHeaders: 0x4,
    padded: 0x8,
    priority: 0x20,
  });

export interface FrameHeader {
  /** Of the payload, in bytes. */
  readonly length: number;
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
}

/** @param bytes at least `frameHeaderLength` of them */
export function readFrameHeader(bytes: Buffer): FrameHeader {
  return {
    length: bytes.readUIntBE(0, 3),
    type: bytes.readUInt8(3),
    flags: bytes.readUInt8(4),
    // The first bit is reserved, and ignored when received.
    streamId: bytes.readUInt32BE(5) & 0x7fff_ffff,
  };
}

export function frame(type: number, flags: number, streamId: number, payload: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(frameHeaderLength + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes.writeUInt8(type, 3);
  bytes.writeUInt8(flags, 4);
  bytes.writeUInt32BE(streamId, 5);
  payload.copy(bytes, frameHeaderLength);
  return bytes;
}
