import { Agent, request } from 'node:https';
import { parentPort, workerData } from 'node:worker_threads';

import { gpuPod, reviewOf } from '../review.ts';

const port = workerData as number;
const review = reviewOf(gpuPod());
const body = JSON.stringify({ ...review, padding: 'x'.repeat(5000 - JSON.stringify(review).length) });
const kept = new Agent({ keepAlive: true, maxSockets: 8 });
const fresh = new Agent({ keepAlive: false });

let longestMs = 0;
let answered = 0;
let failures: string[] = [];
let turn = 0;

function send(): void {
  const start = performance.now();
  const done = (failure?: string): void => {
    longestMs = Math.max(longestMs, performance.now() - start);
    if (failure === undefined) answered += 1;
    else failures.push(failure);
  };
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const agent = turn++ % 4 === 0 ? fresh : kept;
  const sent = request({
    host: '127.0.0.1',
    port,
    path: '/mutate',
    method: 'POST',
    agent,
    headers,
    rejectUnauthorized: false,
  });
  sent
    .on('response', (response) => {
      response.resume().once('end', () => {
        done(response.statusCode === 200 ? undefined : String(response.statusCode));
      });
    })
    .on('error', (error) => {
      done(error.message);
    })
    .setTimeout(20_000, () => sent.destroy(new Error('no answer within 20 s')))
    .end(body);
}

setInterval(send, 50);
parentPort?.on('message', () => {
  parentPort?.postMessage({ longestMs, answered, failures });
  [longestMs, answered, failures] = [0, 0, []];
});
