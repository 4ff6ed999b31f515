import { err, ok, type Result } from '@bwki/plain-data';
import { stringify } from 'yaml';
import { formatServerAddress, parseServerAddress, type ServerAddress } from './server-address.ts';
import { asMap, isAbsent, parseYaml, type YamlFault } from './yaml-text.ts';

/** The pool's servers, as the client's `servers.conf` lists them. */
export interface ServersConf {
  /** `lines`: one `host:port` a line (clients 2.x, 3.0). `yaml`: 3.5 and later. */
  readonly form: 'lines' | 'yaml';
  readonly servers: readonly ConfiguredServer[];
}

/** One server of the pool. */
export interface ConfiguredServer {
  /** At least one. */
  readonly addresses: readonly ServerAddress[];
  /** The address that was found to work; the client looks for it, and writes it down, when it is not given. */
  readonly reachable?: ServerAddress;
}

export type ServersConfFault =
  | YamlFault
  /** No server at all. */
  | { readonly code: 'SERVERS_EMPTY' }
  /** Not `host:port`. `at` is a line (`line 3`) or a path (`servers[0].addresses[1]`). */
  | { readonly code: 'ADDRESS_INVALID'; readonly at: string; readonly text: string }
  /** Not a list, map or text where there must be one. */
  | { readonly code: 'SHAPE_INVALID'; readonly at: string; readonly expected: string };

/** Reads `servers.conf` of either form and reports every fault. Comments start with `#`. */
export function parseServersConf(text: string): Result<ServersConf, readonly ServersConfFault[]> {
  return /^[ \t]*servers[ \t]*:(?:\s|$)/m.test(text) ? parseYamlForm(text) : parseLineForm(text);
}

/** Writes `servers.conf` in the form that it names; what {@link parseServersConf} reads back as the same. */
export function formatServersConf({ form, servers }: ServersConf): string {
  if (form === 'lines') {
    const addresses = servers.flatMap((server) => server.addresses.map(formatServerAddress));
    return addresses.map((address) => `${address}\n`).join('');
  }
  const document = servers.map(({ addresses, reachable }) => ({
    ...(reachable === undefined ? {} : { reachable: formatServerAddress(reachable) }),
    addresses: addresses.map(formatServerAddress),
  }));
  return stringify({ servers: document });
}

function parseLineForm(text: string): Result<ServersConf, readonly ServersConfFault[]> {
  const faults: ServersConfFault[] = [];
  const servers: ConfiguredServer[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const entry = (line.split('#', 1)[0] ?? '').trim();
    if (entry === '') continue;
    const address = readAddress(entry, `line ${index + 1}`, faults);
    if (address !== undefined) servers.push({ addresses: [address] });
  }
  return conclude('lines', servers, faults);
}

function parseYamlForm(text: string): Result<ServersConf, readonly ServersConfFault[]> {
  const document = parseYaml(text);
  if (!document.ok) return document;
  const faults: ServersConfFault[] = [];
  const entries = readList(asMap(document.value)?.['servers'], 'servers', faults);
  const servers = entries.flatMap((entry, index) => {
    const server = readServer(entry, `servers[${index}]`, faults);
    return server === undefined ? [] : [server];
  });
  return conclude('yaml', servers, faults);
}

function readServer(entry: unknown, at: string, faults: ServersConfFault[]): ConfiguredServer | undefined {
  const map = asMap(entry);
  if (map === undefined) {
    faults.push({ code: 'SHAPE_INVALID', at, expected: 'a map with addresses' });
    return undefined;
  }
  const addresses = readList(map['addresses'], `${at}.addresses`, faults).flatMap((address, index) => {
    const read = readAddress(address, `${at}.addresses[${index}]`, faults);
    return read === undefined ? [] : [read];
  });
  if (isAbsent(map['reachable'])) return { addresses };
  const reachable = readAddress(map['reachable'], `${at}.reachable`, faults);
  return reachable === undefined ? undefined : { addresses, reachable };
}

function readList(value: unknown, at: string, faults: ServersConfFault[]): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0) return value;
  faults.push({ code: 'SHAPE_INVALID', at, expected: 'a list that is not empty' });
  return [];
}

function readAddress(value: unknown, at: string, faults: ServersConfFault[]): ServerAddress | undefined {
  if (typeof value !== 'string') {
    faults.push({ code: 'SHAPE_INVALID', at, expected: 'host:port' });
    return undefined;
  }
  const address = parseServerAddress(value);
  if (address === undefined) faults.push({ code: 'ADDRESS_INVALID', at, text: value });
  return address;
}

function conclude(
  form: ServersConf['form'],
  servers: readonly ConfiguredServer[],
  faults: readonly ServersConfFault[],
): Result<ServersConf, readonly ServersConfFault[]> {
  if (faults.length > 0) return err(faults);
  return servers.length > 0 ? ok({ form, servers }) : err([{ code: 'SERVERS_EMPTY' }]);
}
