import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';

import { err, ok, type Result } from '@bwki/plain-data';

import { networkFailure, statusFailure, type ApiFailure } from './api-failure.ts';
import { readClusterConfig } from './read-cluster-config.ts';

/** The API server also records it as the manager of the fields that the webhook writes. */
export const userAgent = 'bwki-webhook';

export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** With its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

export interface StreamRequest extends ClusterRequest {
  /** How long nothing may come before the connection counts as broken. */
  readonly idleMs: number;
}

/** An API server, spoken to as an account. Every status but those from 200 to 299 is a failure; nothing rejects. */
export interface ClusterConnection extends Disposable {
  /** The answer once its head is there. */
  open(request: StreamRequest): Promise<Result<IncomingMessage, ApiFailure>>;
  /** The whole answer, which is JSON. */
  call<T>(request: ClusterRequest): Promise<Result<T, ApiFailure>>;
}

/** An API server that is silent for that long in the middle of a small answer had better be asked again. */
const callIdleMs = 10_000;

/**
 * The cluster of a kubeconfig, or the one that this process is a pod of. The client library knows how to authenticate;
 * requests go over connections that are kept, where the library would open a new one for each.
 *
 * @throws StartFault where there is no such cluster
 */
export function connectCluster(kubeconfig: string | undefined): ClusterConnection {
  const { config, cluster } = readClusterConfig(kubeconfig);
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: 30_000 });
  const base = cluster.server.replace(/(?<!\/)\/+$/, '');
  const open = async (sent: StreamRequest): Promise<Result<IncomingMessage, ApiFailure>> => {
    const { method, path, body, contentType = 'application/json', signal, idleMs } = sent;
    const options: RequestOptions = { method, signal, timeout: idleMs };
    try {
      // For every request anew: a ServiceAccount's token is replaced within the hour.
      await config.applyToHTTPSOptions(options);
      if (cluster.proxyUrl === undefined && base.startsWith('https:')) options.agent = agent;
      const authorization = options.headers as OutgoingHttpHeaders | undefined;
      options.headers = {
        ...authorization,
        Accept: 'application/json',
        'Content-Type': contentType,
        'User-Agent': userAgent,
      };
      const answer = await send(new URL(base + path), options, body);
      const { statusCode = 0, headers } = answer;
      if (statusCode >= 200 && statusCode < 300) return ok(answer);
      return err(statusFailure(parseJson(await readText(answer)), statusCode, headers['retry-after']));
    } catch (error) {
      return err(networkFailure(error));
    }
  };
  return {
    open,
    async call<T>(sent: ClusterRequest): Promise<Result<T, ApiFailure>> {
      const answer = await open({ ...sent, idleMs: callIdleMs });
      if (!answer.ok) return answer;
      try {
        return ok(JSON.parse(await readText(answer.value)) as T);
      } catch (error) {
        return err(networkFailure(error));
      }
    },
    [Symbol.dispose]: () => {
      agent.destroy();
    },
  };
}

function send(url: URL, options: RequestOptions, body: object | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent =
      url.protocol === 'https:' ? httpsRequest(url, options, resolve) : httpRequest(url, options, resolve);
    sent.on('timeout', () => sent.destroy(Object.assign(new Error('idle'), { code: 'ETIMEDOUT' })));
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Of an answer that broke off, what came is not enough: rejects then. */
async function readText(answer: IncomingMessage): Promise<string> {
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
