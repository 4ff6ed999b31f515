/**
 * What the device plugin takes: its memory beside that of the least plugin that Node can have (`bare-plugin`), how soon
 * it is registered again after a restart of the kubelet, how long an `Allocate` of 10,000 devices takes, and a first list
 * of 150,000. Both programs are bundled, as they are in an image, and each runs in a process of its own; the kubelet is
 * the fake one, in this process. Run it by `npm run device-plugin -w @bwki/bench`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { bundleApp } from '@bwki/image-builder';
import { startFakeKubelet, type FakeKubelet } from '@bwki/kubelet-dp/testing';
import { Client, credentials } from '@grpc/grpc-js';

const resourceName = 'bitfusion.io/gpu';
const memoryRounds = 5;
/** From the first list to the look at the memory: what the start left behind is then collected, or never will be. */
const settleMs = 3000;
const restarts = 200;
const patience = { withinMs: 60_000 };

const directory = mkdtempSync(join(tmpdir(), 'bwki-bench-'));

/** A program as one file with its package's manifest beside it, as an image has it. */
async function bundled(name: string, app: string): Promise<string> {
  const target = join(directory, name);
  mkdirSync(join(target, 'dist'), { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify({ type: 'module', version: '0.0.0' }));
  const main = join(target, 'dist/main.js');
  writeFileSync(main, (await bundleApp(fileURLToPath(new URL(app, import.meta.url)))).code);
  return main;
}

/** Field `number`, below 16, of a protobuf message: bytes, or text. */
function field(number: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(value);
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.of((number << 3) | 2, ...length, rest), bytes]);
}

function listOf(count: number): Buffer {
  const device = (index: number): Buffer => Buffer.concat([field(1, `unit-${index}`), field(2, 'Healthy')]);
  return Buffer.concat(Array.from({ length: count }, (_, index) => field(1, device(index))));
}

function startApp(main: string, units: number): ChildProcess {
  const flags = ['--resourceNums', units, '--directory', directory, '--healthPort', 0, '--host', '127.0.0.1'];
  return spawn(process.execPath, [main, ...flags.map(String)], { stdio: ['ignore', 'ignore', 'inherit'] });
}

function startBare(main: string, units: number): ChildProcess {
  const registration = Buffer.concat([field(1, 'v1beta1'), field(2, 'bare.sock'), field(3, resourceName)]);
  const messages = [registration, listOf(units)].map((bytes) => bytes.toString('base64'));
  const paths = [join(directory, 'bare.sock'), join(directory, 'kubelet.sock')];
  return spawn(process.execPath, [main, ...paths, ...messages], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

/** Resident memory in MiB. */
function residentMemory({ pid = 0 }: ChildProcess): number {
  const [, kibibytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

async function memoryOf(start: () => ChildProcess, units: number): Promise<number> {
  await using kubelet = await startFakeKubelet({ directory });
  const child = start();
  try {
    await kubelet.waitForAllocatable(resourceName, units, patience);
    await sleep(settleMs);
    return residentMemory(child);
  } finally {
    await end(child);
  }
}

async function compareMemory(app: string, bare: string): Promise<void> {
  const units = 1000;
  const appMemory: number[] = [];
  const bareMemory: number[] = [];
  for (let round = 0; round < memoryRounds; round++) {
    bareMemory.push(await memoryOf(() => startBare(bare, units), units));
    appMemory.push(await memoryOf(() => startApp(app, units), units));
  }
  const ratio = median(appMemory) / median(bareMemory);
  const mebibytes = (values: readonly number[]): string => `${median(values).toFixed(1)} MiB`;
  console.log(
    `memory with ${units} devices: ${mebibytes(appMemory)}, bare ${mebibytes(bareMemory)}, ratio ${ratio.toFixed(2)}`,
  );
}

/** From the new `kubelet.sock` to the registration that the kubelet has taken. */
async function measureRestarts(kubelet: FakeKubelet): Promise<void> {
  const delays: number[] = [];
  for (let count = 0; count < restarts; count++) {
    const after = kubelet.events.length;
    await kubelet.restart();
    const { at: started } = await kubelet.waitForEvent('kubelet-started', { after });
    const { at: registered } = await kubelet.waitForEvent('registered', { after, ...patience });
    delays.push(registered - started);
    await kubelet.waitForAllocatable(resourceName, 1000, patience);
  }
  const worst = Math.max(...delays);
  console.log(
    `registered again after ${restarts} restarts: median ${median(delays).toFixed(1)} ms, worst ${worst.toFixed(0)} ms`,
  );
}

/** Asked directly, as the kubelet's own book-keeping is not what is measured. */
async function measureAllocate(kubelet: FakeKubelet, child: ChildProcess, count: number): Promise<void> {
  const { endpoint } = await kubelet.waitForEvent('registered');
  const client = new Client(`unix:${join(directory, endpoint)}`, credentials.createInsecure());
  const asIs = (bytes: Buffer): Buffer => bytes;
  const ids = Array.from({ length: count }, (_, index) => field(1, `unit-${index}`));
  const request = field(1, Buffer.concat(ids));
  const allocate = (): Promise<void> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest('/v1beta1.DevicePlugin/Allocate', asIs, asIs, request, (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  for (let round = 0; round < 20; round++) await allocate();
  const cpuBefore = cpuMilliseconds(child);
  const times: number[] = [];
  for (let round = 0; round < 100; round++) {
    const begin = performance.now();
    await allocate();
    times.push(performance.now() - begin);
  }
  const cpu = (cpuMilliseconds(child) - cpuBefore) / times.length;
  client.close();
  console.log(
    `Allocate of ${count} devices: median ${median(times).toFixed(1)} ms, best ${Math.min(...times).toFixed(1)} ms, ${cpu.toFixed(1)} ms server CPU`,
  );
}

/** Linux counts in ticks of 10 ms. */
function cpuMilliseconds({ pid = 0 }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function measureFirstList(app: string, units: number): Promise<void> {
  await using kubelet = await startFakeKubelet({ directory });
  const child = startApp(app, units);
  try {
    const { at: registered } = await kubelet.waitForEvent('registered', patience);
    const { at: listed, bytes } = await kubelet.waitForEvent('list', patience);
    await sleep(settleMs);
    const memory = residentMemory(child).toFixed(0);
    console.log(
      `first list of ${units} devices (${bytes} bytes): ${(listed - registered).toFixed(0)} ms after the registration, memory ${memory} MiB`,
    );
  } finally {
    await end(child);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function whileRunning(
  app: string,
  units: number,
  measure: (kubelet: FakeKubelet, child: ChildProcess) => Promise<void>,
): Promise<void> {
  await using kubelet = await startFakeKubelet({ directory });
  const child = startApp(app, units);
  try {
    await kubelet.waitForAllocatable(resourceName, units, patience);
    await measure(kubelet, child);
  } finally {
    await end(child);
  }
}

try {
  console.log(`${cpus()[0]?.model.trim() ?? 'unknown CPU'}, Node ${process.version}; ${memoryRounds} rounds`);
  const app = await bundled('app', '../apps/device-plugin');
  const bare = await bundled('bare', './bare-plugin');
  await compareMemory(app, bare);
  await whileRunning(app, 1000, measureRestarts);
  await whileRunning(app, 10_000, (kubelet, child) => measureAllocate(kubelet, child, 10_000));
  await measureFirstList(app, 150_000);
} finally {
  rmSync(directory, { recursive: true });
}
