import { Agent, request, type RequestOptions } from 'node:https';

import { KubeConfig } from '@kubernetes/client-node';

import type { ApiObject } from '../../harness/index.ts';

/** How a number of creations went. */
export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds of each creation, ascending. */
  readonly latencies: readonly number[];
}

/** Creates pods as fast as the answers come, over connections that are kept. */
export class PodLoad implements Disposable {
  readonly #agent: Agent;
  readonly #server: string;
  readonly #options: RequestOptions;

  private constructor(server: string, options: RequestOptions, connections: number) {
    this.#server = server;
    this.#options = options;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  static async open(kubeconfigPath: string, connections: number): Promise<PodLoad> {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfigPath);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return new PodLoad(config.getCurrentCluster()?.server ?? '', options, connections);
  }

  /** Fails with the first creation that is refused. */
  async run(
    pod: ApiObject,
    namespaces: readonly string[],
    count: number,
    dryRun: boolean,
  ): Promise<LoadResult> {
    const body = JSON.stringify(pod);
    const latencies: number[] = [];
    let next = 0;
    const start = performance.now();
    const work = async (): Promise<void> => {
      for (let number = next++; number < count; number = next++) {
        const begin = performance.now();
        const namespace = namespaces[number % namespaces.length] ?? '';
        await this.post(`/api/v1/namespaces/${namespace}/pods${dryRun ? '?dryRun=All' : ''}`, body);
        latencies.push(performance.now() - begin);
      }
    };
    await Promise.all(Array.from({ length: this.#agent.maxSockets }, work));
    const perSecond = (count * 1000) / (performance.now() - start);
    return { perSecond, latencies: latencies.sort((a, b) => a - b) };
  }

  /** Creates an object, given as JSON; fails where it is refused. */
  post(path: string, body: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = {
        ...this.#options,
        agent: this.#agent,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      };
      const sent = request(this.#server + path, options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', reject).once('end', () => {
          if (answer.statusCode === 201) resolve();
          else reject(new Error(`HTTP ${answer.statusCode ?? '?'} ${Buffer.concat(chunks).toString()}`));
        });
      });
      sent.once('error', reject).end(body);
    });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

/** The value below which so much of a sorted list lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
