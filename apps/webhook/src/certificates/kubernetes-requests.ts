import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';

import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';

import { ApiFault } from './certificate-api.ts';

export interface KubernetesRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly body?: object;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

/** @returns the object; undefined where a GET meets none. @throws ApiFault */
export type Send = <T = unknown>(request: KubernetesRequest) => Promise<T | undefined>;

/** An API server that does not answer a small request in this time had better be asked again. */
const timeoutMs = 10_000;

/** JSON requests with a kubeconfig's credentials, over connections that are kept. */
export function kubernetesRequests(config: KubeConfig): Send {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no current cluster');
  const server = cluster.server.replace(/\/+$/, '');
  const agent = new Agent({ keepAlive: true });
  return async <T>(sent: KubernetesRequest): Promise<T | undefined> => {
    const { method, path, contentType = 'application/json' } = sent;
    const signal = AbortSignal.any([sent.signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const options: RequestOptions = { method, signal };
      // For every request anew: a ServiceAccount's token is replaced within the hour.
      await config.applyToHTTPSOptions(options);
      if (cluster.proxyUrl === undefined && server.startsWith('https:')) options.agent = agent;
      options.headers = {
        ...(options.headers as Record<string, string> | undefined),
        accept: 'application/json',
        'content-type': contentType,
        'user-agent': 'bwki-webhook',
      };
      const { status, text } = await exchange(server + path, options, sent.body);
      if (status === 404 && method === 'GET') return undefined;
      if (status >= 200 && status < 300) return JSON.parse(text) as T;
      throw new ApiFault(
        status === 409 ? 'conflict' : 'unavailable',
        `${method} ${path}: HTTP ${status} ${reasonOf(text)}`.trimEnd(),
      );
    } catch (error) {
      if (error instanceof ApiFault) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ApiFault('unavailable', `${method} ${path}: ${reason}`);
    }
  };
}

function exchange(
  url: string,
  options: RequestOptions,
  body: object | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
      });
    };
    const request = url.startsWith('https:')
      ? httpsRequest(url, options, onResponse)
      : httpRequest(url, options, onResponse);
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Of Kubernetes' `Status`; not its message, which may quote what was sent. Empty where something else answered. */
function reasonOf(text: string): string {
  try {
    const { reason } = JSON.parse(text) as { readonly reason?: unknown };
    return typeof reason === 'string' ? reason : '';
  } catch {
    return '';
  }
}
