import { type ClientFailure, failureOf } from './client-failure.ts';
import { type ClientLine, partRecords, readLine } from './client-line.ts';
import { linesOf, withoutEnd } from './lines.ts';

/** A GPU of the pool. */
export interface PoolGpu {
  /** On its server. */
  readonly index: number;
  readonly freeMiB: number;
  readonly totalMiB: number;
  /** E.g. `Tesla V100S-PCIE-32GB`; older clients do not print it. */
  readonly model: string | undefined;
  /** CUDA compute capability, e.g. `7.0`; older clients do not print it. */
  readonly computeCapability: string | undefined;
}

/** A server of the pool. */
export interface PoolServer {
  readonly index: number;
  readonly leader: boolean;
  /** `host:port`. */
  readonly address: string;
  readonly runningTasks: number;
  readonly gpus: readonly PoolGpu[];
}

/** What `list_gpus` printed. */
export interface GpuList {
  readonly servers: readonly PoolServer[];
  /** Set when the client gave up: the servers then say nothing. */
  readonly failure: ClientFailure | undefined;
  /** Every line, in order; their `source` together is the output. */
  readonly lines: readonly GpuListLine[];
}

export type GpuListLine =
  | ClientLine
  | ({ readonly kind: 'pool-server'; readonly source: string } & Omit<PoolServer, 'gpus'>)
  | ({ readonly kind: 'pool-gpu'; readonly source: string } & PoolGpu);

/** Reads the output of `list_gpus`, of the 2.0 and of the 4.0 form, and its failures. */
export function parseListGpus(text: string): GpuList {
  const lines = linesOf(text).flatMap(partRecords).map(readPoolLine);
  const servers: (PoolServer & { readonly gpus: PoolGpu[] })[] = [];
  for (const line of lines) {
    if (line.kind === 'pool-server') {
      const { index, leader, address, runningTasks } = line;
      servers.push({ index, leader, address, runningTasks, gpus: [] });
    } else if (line.kind === 'pool-gpu') {
      const { index, freeMiB, totalMiB, model, computeCapability } = line;
      servers.at(-1)?.gpus.push({ index, freeMiB, totalMiB, model, computeCapability });
    }
  }
  return { servers, failure: failureOf(lines), lines };
}

const serverPattern = /^ *- server (\d{1,9}) ?(\(leader\))? *\[([^\]]*)\]: running (\d{1,9}) tasks?$/;
const oldGpuPattern = /^ *\|- GPU (\d{1,9}): free memory (\d{1,15}) MiB \/ (\d{1,15}) MiB$/;
const gpuPattern =
  /^ *\|- GPU \[(\d{1,9})\]: free memory \((\d{1,15}) \/ (\d{1,15}) ?MiB\)(?: (\S.*?))?(?: \((\d+(?:\.\d+)?)\))?$/;

function readPoolLine(source: string): GpuListLine {
  const line = withoutEnd(source).trimEnd();
  const [, server, leader, address, tasks] = serverPattern.exec(line) ?? [];
  if (server !== undefined && address !== undefined) {
    const runningTasks = Number(tasks);
    return {
      kind: 'pool-server',
      source,
      index: Number(server),
      leader: leader !== undefined,
      address,
      runningTasks,
    };
  }
  const [, gpu, free, total, model, computeCapability] =
    oldGpuPattern.exec(line) ?? gpuPattern.exec(line) ?? [];
  if (gpu === undefined) return readLine(source);
  return {
    kind: 'pool-gpu',
    source,
    index: Number(gpu),
    freeMiB: Number(free),
    totalMiB: Number(total),
    model,
    computeCapability,
  };
}
