import { createHash } from 'node:crypto';
import { join } from 'node:path';

import type { Clock } from '@bwki/timing';

import { DevicePluginError } from './device-plugin-error.ts';

/** `sun_path` holds 108 bytes with its final zero. Node cuts what is longer without a word. */
const maxPathBytes = 107;
/** Room for `.1f3a.9c02be.` and a generation of up to six digits with `.sock` behind it. */
const suffixBytes = '.1f3a.9c02be.999999.sock'.length;

/**
 * The names of one plugin's sockets: `<stem>.<resource>.<process>.<generation>.sock`. A kubelet may end the new
 * plugin when an older one at the same path ends, so a name is never used twice (B61). What tells resources and
 * processes apart is chosen so that many plugins may share a stem and all containers may be process 1.
 */
export class SocketNames {
  readonly #directory: string;
  /** `<stem>.<resource>.` */
  readonly #family: string;
  /** `<stem>.<resource>.<process>.` */
  readonly #own: string;
  #generation = 0;

  /** @throws DevicePluginError DEVICE_SOCKET_NAME_INVALID, DEVICE_SOCKET_PATH_TOO_LONG */
  constructor({ directory, stem, resourceName, clock }: SocketNameParts) {
    checkStem(stem);
    checkLength(directory, stem);
    this.#directory = directory;
    this.#family = `${stem}.${createHash('sha256').update(resourceName).digest('hex').slice(0, 4)}.`;
    this.#own = `${this.#family}${Math.floor(clock.random() * 0x1000000)
      .toString(16)
      .padStart(6, '0')}.`;
  }

  /** A new one each time. */
  next(): { readonly generation: number; readonly socketPath: string } {
    this.#generation += 1;
    const socketPath = join(this.#directory, `${this.#own}${this.#generation}.sock`);
    return { generation: this.#generation, socketPath };
  }

  /** Whether another process made that name, before or now, for this resource under this stem. */
  isOfSibling(name: string): boolean {
    if (!name.startsWith(this.#family) || name.startsWith(this.#own)) return false;
    return /^[0-9a-f]{6}\.\d{1,6}\.sock$/.test(name.slice(this.#family.length));
  }
}

export interface SocketNameParts {
  readonly directory: string;
  readonly stem: string;
  readonly resourceName: string;
  readonly clock: Clock;
}

function checkStem(stem: string): void {
  if (/^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(stem)) return;
  throw new DevicePluginError(
    'DEVICE_SOCKET_NAME_INVALID',
    `socketName ${JSON.stringify(stem)} is no file name of letters, digits, "-", "_" and ".": ` +
      'the directory has an option of its own',
  );
}

function checkLength(directory: string, stem: string): void {
  const bytes = Buffer.byteLength(join(directory, stem)) + suffixBytes;
  if (bytes <= maxPathBytes) return;
  const tooMany = bytes - maxPathBytes;
  throw new DevicePluginError(
    'DEVICE_SOCKET_PATH_TOO_LONG',
    `the path of the socket, ${join(directory, stem)} with ${suffixBytes} bytes behind it, would have ${bytes} bytes, ` +
      `of which Linux takes ${maxPathBytes}: shorten socketName${stem.length > tooMany ? '' : ' and the directory'} ` +
      `by ${tooMany} bytes`,
  );
}
