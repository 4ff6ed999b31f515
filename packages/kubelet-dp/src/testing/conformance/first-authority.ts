import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { ByteQueue } from '../../authority/byte-queue.ts';
import {
  clientPreface,
  frame,
  frameHeaderLength,
  frameType,
  readFrameHeader,
} from '../../authority/frame.ts';
import { HeaderBlock } from '../../authority/header-block.ts';
import { HeaderDecoder } from '../../authority/hpack/header-decoder.ts';

/**
 * Listens on a Unix socket as a plugin would, and resolves with the `:authority` of the first request, or with
 * undefined if it has none; the request is not answered, but its connection closed.
 *
 * @param whenListening has the request made
 */
export async function firstAuthority(
  path: string,
  whenListening: () => Promise<unknown>,
  withinMs: number,
): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const server = createServer((socket) => {
    readAuthority(socket).then(resolve, reject);
  });
  server.listen(path);
  await once(server, 'listening');
  const timer = setTimeout(() => {
    reject(new Error(`no request came within ${withinMs} ms`));
  }, withinMs);
  try {
    // It fails, since nobody answers as a plugin does.
    whenListening().catch(() => undefined);
    return await promise;
  } finally {
    clearTimeout(timer);
    server.close();
  }
}

async function readAuthority(socket: Socket): Promise<string | undefined> {
  const queue = new ByteQueue();
  // Go's client takes a connection for ready when the server's SETTINGS have come.
  socket.write(frame(frameType.settings, 0, 0, Buffer.alloc(0)));
  try {
    for await (const chunk of socket) {
      queue.push(chunk as Buffer);
      const block = firstBlock(queue.peek(queue.length));
      if (block !== undefined) return authorityOf(block);
    }
    throw new Error('the connection ended before a request');
  } finally {
    socket.destroy();
  }
}

/** The frames of the first header block, undefined until all have come. */
function firstBlock(bytes: Buffer): HeaderBlock | undefined {
  let block: HeaderBlock | undefined;
  let offset = clientPreface.length;
  while (bytes.length >= offset + frameHeaderLength) {
    const header = readFrameHeader(bytes.subarray(offset));
    const end = offset + frameHeaderLength + header.length;
    if (end > bytes.length) return undefined;
    const whole = bytes.subarray(offset, end);
    if (block !== undefined) block.continue(header, whole);
    else if (header.type === frameType.headers) block = new HeaderBlock(header, whole);
    if (block?.complete === true) return block;
    offset = end;
  }
  return undefined;
}

function authorityOf(block: HeaderBlock): string | undefined {
  const { fields } = new HeaderDecoder(65_536).decode(block.packed);
  return fields.find(({ name }) => name === ':authority')?.value;
}
