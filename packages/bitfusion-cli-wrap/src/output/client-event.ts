/**
 * What a record of the client's log says. Server addresses are `host:port`, empty when the client had none.
 *
 * A GPU's `memoryMiB` is of each GPU; `partial` is as printed (`0.5`, `1`).
 */
export type ClientEvent =
  | {
      readonly kind: 'claim';
      readonly server: string;
      readonly subject: 'client' | 'host';
      readonly id: string;
    }
  | { readonly kind: 'availability'; readonly server: string }
  /** `server` is undefined where the wording has no place for one. */
  | { readonly kind: 'health-status'; readonly server: string | undefined }
  | { readonly kind: 'unreachable'; readonly server: string; readonly cause: string }
  | { readonly kind: 'choosing'; readonly servers: readonly string[] }
  | {
      readonly kind: 'requesting';
      readonly gpus: readonly number[];
      readonly memoryMiB: number;
      /** Index in the list of `choosing`. */
      readonly serverIndex: number;
      readonly serverVersion: string;
    }
  | { readonly kind: 'locked'; readonly gpus: number; readonly partial: string; readonly configFile: string }
  /** `command` is the argv joined by blanks: not to be split again. */
  | { readonly kind: 'running'; readonly command: string; readonly gpus: number }
  | ({ readonly kind: 'server' } & RunServer)
  | { readonly kind: 'started'; readonly clientId: string; readonly server: string }
  | { readonly kind: 'releasing'; readonly configFile: string }
  | { readonly kind: 'released'; readonly servers: number; readonly configFile: string }
  /** A `client.yaml` that is a mount of its own cannot be renamed; the client goes on. */
  | { readonly kind: 'backup-failed'; readonly from: string; readonly to: string; readonly cause: string }
  | { readonly kind: 'file-failed'; readonly path: string; readonly cause: string }
  | { readonly kind: 'token-expired'; readonly expiry: string }
  /** Wording that is not known. */
  | { readonly kind: 'other' };

/** A server that a run uses. */
export interface RunServer {
  readonly host: string;
  /** Where the GPU's work goes. */
  readonly port: number;
  readonly id: string;
  /** Where it is managed, and asked for GPUs. */
  readonly managementPort: number;
  readonly version: string;
}

interface Wording {
  readonly pattern: RegExp;
  readonly event: (groups: readonly string[]) => ClientEvent;
}

const wordings: readonly Wording[] = [
  {
    pattern: /^Query server (\S*) to claim (client|host) id: (\S+)$/,
    event: ([server = '', subject, id = '']) => ({
      kind: 'claim',
      server,
      subject: subject === 'host' ? 'host' : 'client',
      id,
    }),
  },
  {
    pattern: /^Query server (\S*) gpu availability$/,
    event: ([server = '']) => ({ kind: 'availability', server }),
  },
  {
    pattern: /^Query server health status$/,
    event: () => ({ kind: 'health-status', server: undefined }),
  },
  {
    pattern: /^Query server (\S*) health status$/,
    event: ([server = '']) => ({ kind: 'health-status', server }),
  },
  {
    pattern: /^Error contacting server (\S*) to verify client id: (.*)$/s,
    event: ([server = '', cause = '']) => ({ kind: 'unreachable', server, cause }),
  },
  {
    pattern: /^Choosing GPUs from server list \[([^\]]*)\]$/,
    event: ([servers = '']) => ({ kind: 'choosing', servers: words(servers) }),
  },
  {
    pattern:
      /^Requesting GPUs \[([\d ]*)\] with (\d{1,15}) MiB of memory from server (\d{1,9}), with version (\S+?)\.\.\.$/,
    event: ([gpus = '', memory, index, serverVersion = '']) => ({
      kind: 'requesting',
      gpus: words(gpus).map(Number),
      memoryMiB: Number(memory),
      serverIndex: Number(index),
      serverVersion,
    }),
  },
  {
    pattern: /^Locked (\d{1,9}) GPUs with partial memory (\S+), configuration saved to '(.*)'$/,
    event: ([gpus, partial = '', configFile = '']) => ({
      kind: 'locked',
      gpus: Number(gpus),
      partial,
      configFile,
    }),
  },
  {
    pattern: /^Running client command '(.*)' on (\d{1,9}) GPUs, with the following servers:$/s,
    event: ([command = '', gpus]) => ({ kind: 'running', command, gpus: Number(gpus) }),
  },
  {
    pattern: /^(\S+) (\d{1,5}) (\S+) (\d{1,5}) (\S+)$/,
    event: ([host = '', port, id = '', managementPort, version = '']) => ({
      kind: 'server',
      host,
      port: Number(port),
      id,
      managementPort: Number(managementPort),
      version,
    }),
  },
  {
    pattern: /^Command started, launching telemetry process: (\S+) \| (\S+)$/,
    event: ([clientId = '', server = '']) => ({ kind: 'started', clientId, server }),
  },
  {
    pattern: /^Releasing GPUs from config file '(.*)'\.\.\.$/,
    event: ([configFile = '']) => ({ kind: 'releasing', configFile }),
  },
  {
    pattern: /^Released GPUs on (\d{1,9}) servers and removed generated config file '(.*)'$/,
    event: ([servers, configFile = '']) => ({ kind: 'released', servers: Number(servers), configFile }),
  },
  {
    pattern: /^Unable to backup old client config file: rename (\S+) (\S+): (.*)$/s,
    event: ([from = '', to = '', cause = '']) => ({ kind: 'backup-failed', from, to, cause }),
  },
  {
    pattern: /^Failed to parse (\S+): (.*)$/s,
    event: ([path = '', cause = '']) => ({ kind: 'file-failed', path, cause }),
  },
  {
    pattern: /^(?:Error: )?Token expired at:(.*)$/s,
    event: ([expiry = '']) => ({ kind: 'token-expired', expiry: expiry.trimStart() }),
  },
];

/** Reads a record's message, the part after level and time. */
export function readEvent(message: string): ClientEvent {
  for (const { pattern, event } of wordings) {
    const match = pattern.exec(message);
    if (match !== null) return event(match.slice(1));
  }
  return { kind: 'other' };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
