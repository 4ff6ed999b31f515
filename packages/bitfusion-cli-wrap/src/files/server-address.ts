/** Where a server's management service listens. */
export interface ServerAddress {
  /** A name, an IPv4 address, or an IPv6 address without its brackets. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** Reads `host:port` or `[v6]:port`; undefined when it is neither. */
export function parseServerAddress(text: string): ServerAddress | undefined {
  const [, v6, name, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]#/@]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = v6 ?? name;
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** `host:port`, an IPv6 address in brackets. */
export function formatServerAddress({ host, port }: ServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
