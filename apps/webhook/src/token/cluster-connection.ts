import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Agent, request, type RequestOptions } from 'node:https';

import { err, ok, type Result } from '@bwki/quota-calc';
import { KubeConfig } from '@kubernetes/client-node';

import { StartFault } from '../start-fault.ts';
import { networkFailure, statusFailure } from './api-failure.ts';
import type { ApiFailure } from './secret-api.ts';

export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
  /** How long nothing may come before the connection counts as broken. */
  readonly idleMs: number;
}

/** An API server, spoken to as an account. */
export interface ClusterConnection extends Disposable {
  /** The answer once its head is there; every status but 200 and 201 is a failure, read to its end. */
  open(request: ClusterRequest): Promise<Result<IncomingMessage, ApiFailure>>;
}

/**
 * The cluster of a kubeconfig, or the one that this process is a pod of. The client library knows how to authenticate;
 * requests go over connections that are kept, where the library would open a new one for each.
 *
 * @throws StartFault where there is no such cluster
 */
export function connectCluster(kubeconfig: string | undefined): ClusterConnection {
  const config = readConfig(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new StartFault([`${kubeconfig ?? 'cluster'}: has no current cluster`]);
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: 30_000 });
  const base = cluster.server.replace(/\/$/, '');
  return {
    async open({ method, path, body, signal, idleMs }) {
      const options: RequestOptions = { method, signal, timeout: idleMs };
      try {
        await config.applyToHTTPSOptions(options);
        if (cluster.proxyUrl === undefined) options.agent = agent;
        const authorization = options.headers as OutgoingHttpHeaders | undefined;
        options.headers = {
          ...authorization,
          Accept: 'application/json',
          'Content-Type': 'application/json',
          'User-Agent': 'bwki-webhook',
        };
        const answer = await send(new URL(base + path), options, body);
        if (answer.statusCode === 200 || answer.statusCode === 201) return ok(answer);
        const status = parseJson(await readText(answer));
        return err(statusFailure(status, answer.statusCode, answer.headers['retry-after']));
      } catch (error) {
        return err(networkFailure(error));
      }
    },
    [Symbol.dispose]: () => {
      agent.destroy();
    },
  };
}

function readConfig(kubeconfig: string | undefined): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) {
    config.loadFromCluster();
    const server = config.getCurrentCluster()?.server;
    if (server !== undefined && URL.canParse(server)) return config;
    throw new StartFault(['not in a cluster: give --kubeconfig, or run without --tokenCopies']);
  }
  try {
    config.loadFromFile(kubeconfig);
  } catch (error) {
    // The parser's own text may quote what is in the file.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no kubeconfig in YAML';
    throw new StartFault([`${kubeconfig}: cannot be read (${code})`]);
  }
  return config;
}

function send(url: URL, options: RequestOptions, body: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, resolve);
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('idle'), { code: 'ETIMEDOUT' })));
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Of an answer that broke off, what came is not enough: rejects then. */
export async function readText(answer: IncomingMessage): Promise<string> {
  answer.setEncoding('utf8');
  let text = '';
  for await (const chunk of answer) text += chunk as string;
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
