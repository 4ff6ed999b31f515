/**
 * How fast the webhook is over HTTPS, against the least that Node and Koa can do with the same review: (a) node:https
 * that sends the bytes back, (b) Koa that parses them and prints them again, (b') Koa that parses them and allows, and
 * (c) the webhook. One process each, on loopback, keep-alive, in turns, so that what disturbs one disturbs all. Run it
 * by `npm run webhook -w @bwki/bench`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';

import Koa from 'koa';

import { notebookReview } from './notebook-review.ts';

const rounds = 8;
const requestsPerRound = 12_500;
const warmUpRequests = 6000;
const connections = 16;
const halfLoadMs = 2500;
/** As its image starts it (deploy/images/webhook/Containerfile). */
const webhookFlags = ['--max-old-space-size=128', '--max-semi-space-size=4'];
const webhookMain = fileURLToPath(new URL('../apps/webhook/src/main.ts', import.meta.url));
const self = fileURLToPath(import.meta.url);

/** Serves until it is killed; its address goes to stdout, as the webhook's does in its log. */
async function serveEcho(kind: string, certFile: string, keyFile: string): Promise<void> {
  const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  const koa = new Koa();
  koa.use(async (context) => {
    const review = JSON.parse((await buffer(context.req)).toString()) as { request: { uid: string } };
    const { uid } = review.request;
    context.body =
      kind === 'koa-echo' ? review : { ...review, request: undefined, response: { uid, allowed: true } };
  });
  const answer = koa.callback();
  const server = createServer(
    tls,
    kind === 'https-echo'
      ? (request, response) => void buffer(request).then((body) => response.end(body))
      : (request, response) => void answer(request, response),
  );
  server.keepAliveTimeout = 120_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log(JSON.stringify({ url: `https://127.0.0.1:${(server.address() as { port: number }).port}` }));
}

interface Measured {
  readonly name: string;
  readonly child: ChildProcess;
  readonly port: number;
  readonly rates: number[];
  readonly cpuMicros: number[];
}

/** One connection that sends a request at a time and reads the answer's length: as little as a client can do. */
class Connection {
  readonly #socket: TLSSocket;
  readonly #request: Buffer;
  #missing = 0;
  #done: (() => void) | undefined;

  private constructor(socket: TLSSocket, request: Buffer) {
    this.#socket = socket;
    this.#request = request;
    socket.on('data', (data: Buffer) => {
      this.#take(data);
    });
  }

  static async open(port: number, request: Buffer): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.setNoDelay(true);
    return new Connection(socket, request);
  }

  send(): Promise<void> {
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#socket.write(this.#request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    if (this.#missing > 0) this.#missing -= data.length;
    else {
      const end = data.indexOf('\r\n\r\n');
      const head = data.toString('latin1', 0, end).toLowerCase();
      if (end === -1 || !head.startsWith('http/1.1 200'))
        throw new Error(`an answer of another kind: ${head}`);
      const length = /content-length: (\d+)/.exec(head)?.[1];
      if (length === undefined && !data.toString('latin1').endsWith('\r\n0\r\n\r\n')) return;
      if (length !== undefined) this.#missing = Number(length) - (data.length - end - 4);
    }
    if (this.#missing === 0) this.#done?.();
  }
}

/** So many requests as fast as the answers come, over all connections. */
async function load(port: number, request: Buffer, count: number): Promise<void> {
  const all = await Promise.all(Array.from({ length: connections }, () => Connection.open(port, request)));
  let sent = 0;
  await Promise.all(
    all.map(async (connection) => {
      while (sent++ < count) await connection.send();
      connection.close();
    }),
  );
}

/** Milliseconds of each answer, from when it was due, at a steady rate. */
async function latencies(port: number, request: Buffer, perSecond: number): Promise<number[]> {
  const free = await Promise.all(Array.from({ length: 64 }, () => Connection.open(port, request)));
  const times: number[] = [];
  const pending: Promise<void>[] = [];
  const start = performance.now();
  for (let due = 0; due < halfLoadMs; due += 1000 / perSecond) {
    while (performance.now() - start < due) await new Promise((resolve) => setImmediate(resolve));
    const connection = free.pop() ?? (await Connection.open(port, request));
    const answered = connection.send().then(() => {
      times.push(performance.now() - start - due);
      free.push(connection);
    });
    pending.push(answered);
  }
  await Promise.all(pending);
  for (const connection of free) connection.close();
  return times.sort((a, b) => a - b);
}

/** CPU time in microseconds (Linux: clock ticks of 10 ms) and resident memory in MB. */
function usage({ pid = 0 }: ChildProcess): { readonly cpu: number; readonly memory: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
  return { cpu: (Number(fields[11]) + Number(fields[12])) * 10_000, memory: Number(resident) / 1024 };
}

async function start(name: string, args: readonly string[], directory: string): Promise<Measured> {
  const log = join(directory, `${name}.log`);
  const child = spawn(process.execPath, ['--conditions=@bwki/source', ...args], {
    env: { TOTAL_GPU_MEMORY: '16000' },
    stdio: ['ignore', openSync(log, 'w'), 'inherit'],
  });
  let port = '';
  for (let tries = 0; port === ''; tries++) {
    if (tries > 200 || child.exitCode !== null) throw new Error(`${name} does not start`);
    await sleep(50);
    port = /"url":"https:\/\/127\.0\.0\.1:(\d+)"/.exec(readFileSync(log, 'utf8'))?.[1] ?? '';
  }
  return { name, child, port: Number(port), rates: [], cpuMicros: [] };
}

async function writeCertificate(directory: string): Promise<[string, string]> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const settings = { name: 'CN=bench', keys, signingAlgorithm: algorithm };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(settings);
  const files: [string, string] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  writeFileSync(files[0], certificate.toString('pem'));
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  writeFileSync(files[1], x509.PemConverter.encode(key, 'PRIVATE KEY'));
  return files;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function compare(servers: readonly Measured[]): Promise<void> {
  const body = notebookReview();
  const head = `POST /mutate?timeout=10s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const request = Buffer.from(head + body);
  for (const { port } of servers) await load(port, request, warmUpRequests);
  for (let round = 0; round < rounds; round++) {
    for (const { port, child, rates, cpuMicros } of servers) {
      const { cpu } = usage(child);
      const begin = performance.now();
      await load(port, request, requestsPerRound);
      rates.push((requestsPerRound * 1000) / (performance.now() - begin));
      cpuMicros.push((usage(child).cpu - cpu) / requestsPerRound);
    }
  }
  const ours = servers.at(-1);
  const half = median(ours?.rates ?? []) / 2;
  console.log(
    `${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.version}; review ${body.length} bytes, ${connections} connections, ${rounds} rounds of ${requestsPerRound}; latency at ${half.toFixed(0)} a second`,
  );
  const [bare] = servers;
  const bareMemory = bare === undefined ? Number.NaN : usage(bare.child).memory;
  for (const { name, child, port, rates, cpuMicros } of servers) {
    const { memory } = usage(child);
    const times = await latencies(port, request, half);
    const p = (share: number): string => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(2);
    const ratio = median((ours?.rates ?? []).map((rate, round) => rate / (rates[round] ?? Number.NaN)));
    const cpuRatio = median(cpuMicros) / median(ours?.cpuMicros ?? []);
    console.log(
      `${name.padEnd(24)} ${median(rates).toFixed(0).padStart(6)} /s  ${median(cpuMicros).toFixed(0).padStart(4)} µs CPU  p50 ${p(0.5)} ms  p99 ${p(0.99)} ms  RSS ${memory.toFixed(0)} MB (${(memory / bareMemory).toFixed(2)} x a)  ours is ${ratio.toFixed(2)} of it, ${cpuRatio.toFixed(2)} by CPU`,
    );
  }
}

const [role, certFile = '', keyFile = ''] = process.argv.slice(2);
if (role !== undefined) await serveEcho(role, certFile, keyFile);
else {
  const directory = mkdtempSync(join(tmpdir(), 'bwki-bench-'));
  const servers: Measured[] = [];
  try {
    const files = await writeCertificate(directory);
    const [cert, key] = files;
    const ports = ['--host', '127.0.0.1', '--port', '0', '--healthPort', '0'];
    servers.push(await start('a-https-echo', [self, 'https-echo', ...files], directory));
    servers.push(await start('b-koa-parse-echo', [self, 'koa-echo', ...files], directory));
    servers.push(await start('b2-koa-parse-allow', [self, 'koa-allow', ...files], directory));
    servers.push(
      await start(
        'c-webhook',
        [...webhookFlags, webhookMain, ...ports, '--tlsCertFile', cert, '--tlsKeyFile', key],
        directory,
      ),
    );
    await compare(servers);
  } finally {
    for (const { child } of servers) child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
}
