import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { DevicePluginError } from './device-plugin-error.ts';

/** What the operating system says when a socket cannot be opened, as the owner of the plugin can act on it. */
export async function listenFault(socketPath: string, error: unknown): Promise<DevicePluginError> {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const directory = dirname(socketPath);
  // Node says EACCES of a directory that is not there too.
  if (!(await isDirectory(directory))) {
    return new DevicePluginError(
      'DEVICE_DIRECTORY_MISSING',
      `${directory} is no directory: mount the kubelet's device-plugins directory there`,
      { cause: error },
    );
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new DevicePluginError(
      'DEVICE_DIRECTORY_DENIED',
      `no socket can be made in ${directory} (${code}): run as its owner, root, and mount it writable`,
      { cause: error },
    );
  }
  const why = code === '' ? message : code;
  return new DevicePluginError(
    'DEVICE_LISTEN_FAILED',
    `the socket ${socketPath} could not be opened (${why})`,
    {
      cause: error,
    },
  );
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
