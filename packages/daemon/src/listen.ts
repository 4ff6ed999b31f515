import type { AddressInfo, Server } from 'node:net';

import { StartFault } from './start-fault.ts';

export interface ListenOptions {
  /** Undefined for all addresses. */
  readonly host: string | undefined;
  /** 0 for any free one. */
  readonly port: number;
  /** The option that names the port, for the person who has to change it. */
  readonly portOption: string;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use: stop what listens there, or choose another',
  EACCES: 'may not be opened by this user: choose one above 1023',
  EADDRNOTAVAIL: 'cannot be opened: this machine has no such address',
};

/** @returns the port that was opened; rejects with a `StartFault` where it cannot be */
export function listen(server: Server, { host, port, portOption }: ListenOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      const reason = reasons[error.code ?? ''] ?? `cannot be opened (${error.code ?? error.message})`;
      reject(new StartFault([`${portOption}: ${host ?? '*'}:${port} ${reason}`]));
    };
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
