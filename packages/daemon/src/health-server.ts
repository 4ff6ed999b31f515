import { createServer, type Server, type ServerResponse } from 'node:http';

import type { Registry } from 'prom-client';

export interface Health {
  readonly registry: Registry;
  /** What is wrong with the program itself; empty, or left out, where nothing can be. */
  readonly unhealthy?: (() => readonly string[]) | undefined;
  /** Why no request should come here now; empty where all is well. */
  readonly unready: () => readonly string[];
}

/** `/healthz`, `/readyz` and `/metrics`, plain, on a port of their own: for the kubelet and for Prometheus. */
export function healthServer({ registry, unhealthy, unready }: Health): Server {
  return createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0];
    if (path === '/healthz') answerState(response, unhealthy?.() ?? []);
    else if (path === '/readyz') answerState(response, unready());
    else if (path === '/metrics') answerMetrics(response, registry);
    else answer(response, 404, 'GET /healthz, /readyz and /metrics are all there is');
  });
}

function answerState(response: ServerResponse, reasons: readonly string[]): void {
  if (reasons.length === 0) answer(response, 200, 'ok');
  else answer(response, 503, reasons.join('\n'));
}

function answerMetrics(response: ServerResponse, registry: Registry): void {
  registry.metrics().then(
    (text) => {
      response.writeHead(200, { 'Content-Type': registry.contentType }).end(text);
    },
    () => {
      answer(response, 500, 'the metrics cannot be printed');
    },
  );
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
