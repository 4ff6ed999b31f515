import { dirname } from 'node:path';

import { DevicePluginError } from './device-plugin-error.ts';

/** What the operating system says when a socket cannot be opened, as the owner of the plugin can act on it. */
export function listenFault(socketPath: string, error: unknown): DevicePluginError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const directory = dirname(socketPath);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new DevicePluginError(
        'DEVICE_DIRECTORY_MISSING',
        `${directory} is no directory (${code}): mount the kubelet's device-plugins directory there`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new DevicePluginError(
        'DEVICE_DIRECTORY_DENIED',
        `no socket can be made in ${directory} (${code}): run as its owner, root, and mount it writable`,
        { cause: error },
      );
    default:
      return new DevicePluginError(
        'DEVICE_LISTEN_FAILED',
        `the socket ${socketPath} could not be opened (${code === '' ? message : code})`,
        { cause: error },
      );
  }
}
