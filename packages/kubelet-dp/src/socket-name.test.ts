import { systemClock } from '@bwki/timing';
import { describe, expect, it } from 'vitest';

import { SocketNames } from './socket-name.ts';

const parts = {
  directory: '/var/lib/kubelet/device-plugins',
  stem: 'fuse',
  resourceName: 'example.com/fuse',
  clock: { ...systemClock, random: () => 0.5 },
};

describe('the names of sockets', () => {
  it('B61: are another each time, in the same family', () => {
    const names = new SocketNames(parts);
    expect([names.next(), names.next()]).toEqual([
      { generation: 1, socketPath: '/var/lib/kubelet/device-plugins/fuse.d91c.800000.1.sock' },
      { generation: 2, socketPath: '/var/lib/kubelet/device-plugins/fuse.d91c.800000.2.sock' },
    ]);
  });

  it.each([
    ['fuse.d91c.0a0b0c.1.sock', true],
    ['fuse.d91c.0a0b0c.999999.sock', true],
    ['fuse.d91c.800000.1.sock', false],
    ['fuse.0000.0a0b0c.1.sock', false],
    ['other.d91c.0a0b0c.1.sock', false],
    ['fuse.d91c.0a0b0c.1.sock.bak', false],
    ['fuse.d91c.0a0b0c.x.sock', false],
    ['fuse.sock', false],
    ['kubelet.sock', false],
  ])('B61: of another process for the same resource: %s is %s', (name, isOfSibling) => {
    expect(new SocketNames(parts).isOfSibling(name)).toBe(isOfSibling);
  });

  it('B61: fit into the 107 bytes of a path, or the error says what to shorten', () => {
    const stem = 'x'.repeat(107 - parts.directory.length - 1 - '.d91c.800000.999999.sock'.length);
    expect(() => new SocketNames({ ...parts, stem })).not.toThrow();
    expect(() => new SocketNames({ ...parts, stem: `${stem}xx` })).toThrow(
      expect.objectContaining({
        code: 'DEVICE_SOCKET_PATH_TOO_LONG',
        message:
          `the path of the socket, ${parts.directory}/${stem}xx with 24 bytes behind it, would have 109 bytes, ` +
          'of which Linux takes 107: shorten socketName by 2 bytes',
      }),
    );
    expect(() => new SocketNames({ ...parts, directory: `/${'d'.repeat(90)}` })).toThrow(
      'shorten socketName and the directory by 13 bytes',
    );
  });

  it.each(['', 'a/b', '..', '.hidden', 'a b', '../x'])('B61: have no stem %j', (stem) => {
    expect(() => new SocketNames({ ...parts, stem })).toThrow(
      expect.objectContaining({ code: 'DEVICE_SOCKET_NAME_INVALID' }),
    );
  });
});
