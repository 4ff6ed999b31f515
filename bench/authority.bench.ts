/**
 * What it costs to serve clients that send whatever `:authority`: calls per second and server CPU through
 * `listenOnUnixSocket`, by clients that send `localhost` and by clients that send a path, against `bindAsync` of
 * @grpc/grpc-js alone. One process for each server, in turns, so that what disturbs one disturbs all. Run it by
 * `npm run authority -w @bwki/bench`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';

import { listenOnUnixSocket } from '@bwki/kubelet-dp/authority';
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';

const rounds = 9;
const self = fileURLToPath(import.meta.url);
/** So that nothing but the transport is measured. */
const asIs = (bytes: Buffer): Buffer => bytes;
const plain = {
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};
const unaryPath = '/bench.Echo/Unary';
const streamPath = '/bench.Echo/Stream';

/** Serves until it is killed. */
async function serve(kind: string, path: string): Promise<void> {
  const server = new Server();
  server.addService(
    {
      Unary: { path: unaryPath, requestStream: false, responseStream: false, ...plain },
      Stream: { path: streamPath, requestStream: false, responseStream: true, ...plain },
    },
    {
      Unary: (call: ServerUnaryCall<Buffer, Buffer>, done: sendUnaryData<Buffer>) => {
        done(null, call.request);
      },
      Stream: (call: ServerWritableStream<Buffer, Buffer>) => {
        void streamMessages(call);
      },
    },
  );
  if (kind === 'listener') await listenOnUnixSocket(server, path);
  else {
    const bind = promisify(server.bindAsync.bind(server));
    await bind(`unix:${path}`, ServerCredentials.createInsecure());
  }
  console.log('serving');
}

/** As many messages of such a size as the request asks for. */
async function streamMessages(call: ServerWritableStream<Buffer, Buffer>): Promise<void> {
  const count = call.request.readUInt32BE(0);
  const message = Buffer.alloc(call.request.readUInt32BE(4));
  for (let sent = 0; sent < count; sent++) {
    if (!call.write(message)) await once(call, 'drain');
  }
  call.end();
}

/** One way to load a server; gives how many messages came back. */
type Load = (client: Client) => Promise<number>;

const unaryCalls =
  (count: number, atOnce: number): Load =>
  async (client) => {
    const request = Buffer.alloc(100);
    let left = count;
    const callWhileLeft = async (): Promise<void> => {
      while (left-- > 0) {
        await new Promise<void>((resolve, reject) => {
          client.makeUnaryRequest(unaryPath, asIs, asIs, request, (error) => {
            if (error === null) resolve();
            else reject(error);
          });
        });
      }
    };
    await Promise.all(Array.from({ length: atOnce }, callWhileLeft));
    return count;
  };

const streamOf =
  (count: number, size: number): Load =>
  async (client) => {
    const request = Buffer.alloc(8);
    request.writeUInt32BE(count, 0);
    request.writeUInt32BE(size, 4);
    const call = client.makeServerStreamRequest(streamPath, asIs, asIs, request);
    let received = 0;
    call.on('data', () => received++);
    await once(call, 'end');
    return received;
  };

const loads: Readonly<Record<string, Load>> = {
  'unary calls, 16 at once': unaryCalls(3000, 16),
  'a stream of 100 bytes': streamOf(6000, 100),
  'a stream of 100 kB': streamOf(300, 100_000),
};

interface Measured {
  readonly name: string;
  readonly child: ChildProcess;
  readonly client: Client;
}

async function start(kind: string, directory: string): Promise<{ child: ChildProcess; path: string }> {
  const path = join(directory, `${kind}.sock`);
  const child = spawn(process.execPath, ['--conditions=@bwki/source', self, kind, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return { child, path };
}

function connect(path: string, authority: string): Client {
  return new Client(`unix:${path}`, credentials.createInsecure(), {
    'grpc.default_authority': authority,
    'grpc.use_local_subchannel_pool': 1,
  });
}

/** CPU time in microseconds (Linux: clock ticks of 10 ms). */
function cpuMicros({ pid = 0 }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function compare(name: string, load: Load, all: readonly Measured[]): Promise<void> {
  const results = all.map(() => ({ rates: [] as number[], cpu: 0, done: 0 }));
  for (const { client } of all) await load(client);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { client, child }] of all.entries()) {
      const result = results[index];
      if (result === undefined) continue;
      const cpu = cpuMicros(child);
      const begin = performance.now();
      const done = await load(client);
      result.rates.push((done * 1000) / (performance.now() - begin));
      result.cpu += cpuMicros(child) - cpu;
      result.done += done;
    }
  }
  console.log(name);
  const [bare] = results;
  for (const [index, { rates, cpu, done }] of results.entries()) {
    const ratio = median(rates.map((rate, round) => rate / (bare?.rates[round] ?? Number.NaN)));
    console.log(
      `  ${(all[index]?.name ?? '').padEnd(28)} ${median(rates).toFixed(0).padStart(6)} /s  ${ratio.toFixed(2)} of bare  ${(cpu / done).toFixed(0).padStart(4)} µs server CPU`,
    );
  }
}

const [role, socketPath = ''] = process.argv.slice(2);
if (role !== undefined) await serve(role, socketPath);
else {
  const directory = mkdtempSync(join(tmpdir(), 'bwki-bench-'));
  const bare = await start('bare', directory);
  const listener = await start('listener', directory);
  try {
    const measured: Measured[] = [
      { name: 'bindAsync, localhost', child: bare.child, client: connect(bare.path, 'localhost') },
      { name: 'listener, localhost', child: listener.child, client: connect(listener.path, 'localhost') },
      { name: 'listener, a path', child: listener.child, client: connect(listener.path, listener.path) },
    ];
    console.log(`${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.version}; ${rounds} rounds`);
    for (const [name, load] of Object.entries(loads)) await compare(name, load, measured);
    for (const { client } of measured) client.close();
  } finally {
    for (const { child } of [bare, listener]) child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}
