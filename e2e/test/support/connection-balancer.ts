import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What a Service does: each new connection goes to the next of the ports that are there. */
export interface ConnectionBalancer extends AsyncDisposable {
  readonly port: number;
  use(ports: readonly number[]): void;
}

export async function startBalancer(): Promise<ConnectionBalancer> {
  let ports: readonly number[] = [];
  let connections = 0;
  const open = new Set<Socket>();
  const server = createServer((incoming) => {
    const port = ports[connections++ % ports.length];
    if (port === undefined) {
      incoming.destroy();
      return;
    }
    const outgoing = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(one);
      one.setNoDelay(true);
      one.on('error', () => other.destroy());
      one.on('close', () => open.delete(one));
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    use: (next) => {
      ports = next;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
