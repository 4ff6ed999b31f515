import { Socket } from 'node:net';

import { describe, expect, it } from 'vitest';

import { ConnectionLimit } from './connection-limit.ts';

/** A socket that was never connected, with the address of a peer. */
class PeerSocket extends Socket {
  override readonly remoteAddress = '192.0.2.1';
  override readonly remotePort: number;

  constructor(port: number) {
    super();
    this.remotePort = port;
  }
}

function connect(limit: ConnectionLimit, ports: readonly number[]): readonly PeerSocket[] {
  return ports.map((port) => {
    const socket = new PeerSocket(port);
    limit.add(socket);
    return socket;
  });
}

const alive = (sockets: readonly PeerSocket[]): readonly number[] =>
  sockets.filter(({ destroyed }) => !destroyed).map(({ remotePort }) => remotePort);

describe('B70: the number of connections', () => {
  it('B70: a new one takes the place of the one that has been silent for longest', () => {
    const limit = new ConnectionLimit(3);
    const sockets = connect(limit, [1, 2, 3, 4]);
    expect(alive(sockets)).toEqual([2, 3, 4]);
    expect(limit.size).toBe(3);
  });

  it('B70: connections that have sent a review stay, those that wait for an answer longest', () => {
    const limit = new ConnectionLimit(3);
    const sockets = connect(limit, [1, 2, 3]);
    for (const socket of sockets.slice(0, 2)) limit.of(socket)?.deciding();
    for (const socket of sockets.slice(1, 2)) limit.of(socket)?.answered(true);
    const more = connect(limit, [4, 5]);
    expect(alive([...sockets, ...more])).toEqual([1, 2, 5]);
    limit.of(more[1] ?? new PeerSocket(0))?.deciding();
    expect(alive([...sockets, ...more, ...connect(limit, [6])])).toEqual([1, 5, 6]);
  });

  it('B70: a request that is no review earns nothing', () => {
    const limit = new ConnectionLimit(2);
    const sockets = connect(limit, [1, 2]);
    limit.of(sockets[0] ?? new PeerSocket(0))?.deciding();
    limit.of(sockets[0] ?? new PeerSocket(0))?.answered(false);
    limit.of(sockets[1] ?? new PeerSocket(0))?.deciding();
    limit.of(sockets[1] ?? new PeerSocket(0))?.answered(true);
    expect(alive([...sockets, ...connect(limit, [3])])).toEqual([2, 3]);
  });

  it('B70: a connection that ended leaves its place', async () => {
    const limit = new ConnectionLimit(1);
    const [first] = connect(limit, [1]);
    await new Promise((resolve) => first?.once('close', resolve).destroy());
    expect(limit.size).toBe(0);
  });
});
