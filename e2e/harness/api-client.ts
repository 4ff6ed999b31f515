import type { OutgoingHttpHeaders } from 'node:http';
import { request, type Agent, type RequestOptions } from 'node:https';

import { KubeConfig } from '@kubernetes/client-node';

import { collectionPath, objectPath, type ApiObject, type ApiReference } from './api-object.ts';

export interface ApiAnswer<T> {
  /** HTTP status, 2xx. */
  readonly code: number;
  readonly body: T;
  /** What the server and its webhooks warned of, in their order. */
  readonly warnings: readonly string[];
}

/** Kubernetes' `Status`, as far as tests look at it. */
export interface ApiStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: { readonly causes?: readonly { readonly field?: string; readonly message?: string }[] };
}

/** Every answer but 2xx; `message` is the one that a user reads. */
export class ApiError extends Error {
  readonly code: number;
  readonly status: ApiStatus;

  constructor(code: number, status: ApiStatus) {
    super(status.message ?? `HTTP ${code}`);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

export interface WriteOptions {
  /** `dryRun=All`: every check and webhook, nothing stored. */
  readonly dryRun?: boolean;
  /** `?fieldValidation=Strict`: unknown and duplicate fields are errors; the default of kubectl. */
  readonly strict?: boolean;
}

/** The API by raw JSON. */
export interface ApiClient {
  send<T = ApiObject>(method: string, path: string, body?: unknown, type?: string): Promise<ApiAnswer<T>>;
  create(object: ApiObject, options?: WriteOptions): Promise<ApiAnswer<ApiObject>>;
  replace(object: ApiObject, options?: WriteOptions): Promise<ApiAnswer<ApiObject>>;
  /** A JSON merge patch. */
  merge(object: ApiReference, patch: unknown, options?: WriteOptions): Promise<ApiAnswer<ApiObject>>;
  read(object: ApiReference): Promise<ApiObject>;
  list(of: ApiReference): Promise<readonly ApiObject[]>;
  /** At once, without a grace period. */
  remove(object: ApiReference): Promise<void>;
}

/**
 * @param agent holds the connections; without it each request has one of its own, so that a restarted server is met by a
 *   fresh one
 */
export function createApiClient(kubeconfigPath: string, agent?: Agent): ApiClient {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigPath);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error(`${kubeconfigPath} has no current cluster`);

  const send = async <T>(
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<ApiAnswer<T>> => {
    const options: RequestOptions = { method, timeout: 60_000 };
    await config.applyToHTTPSOptions(options);
    if (agent !== undefined) options.agent = agent;
    const authorization = options.headers as OutgoingHttpHeaders | undefined;
    options.headers = { ...authorization, accept: 'application/json', 'content-type': type };
    return exchange<T>(new URL(path, server), options, body);
  };
  return {
    send,
    create: (object, options) => send('POST', collectionPath(object) + query(options), object),
    replace: (object, options) => send('PUT', objectPath(object) + query(options), object),
    merge: (object, patch, options) =>
      send('PATCH', objectPath(object) + query(options), patch, 'application/merge-patch+json'),
    read: async (object) => (await send<ApiObject>('GET', objectPath(object))).body,
    list: async (of) => (await send<{ items: readonly ApiObject[] }>('GET', collectionPath(of))).body.items,
    remove: async (object) => {
      await send('DELETE', `${objectPath(object)}?gracePeriodSeconds=0`);
    },
  };
}

function query(options: WriteOptions = {}): string {
  const parameters = new URLSearchParams({ fieldValidation: options.strict === false ? 'Ignore' : 'Strict' });
  if (options.dryRun === true) parameters.set('dryRun', 'All');
  return `?${parameters.toString()}`;
}

function exchange<T>(url: URL, options: RequestOptions, body: unknown): Promise<ApiAnswer<T>> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const code = response.statusCode ?? 0;
        const answer = parse(Buffer.concat(chunks).toString());
        if (code < 200 || code > 299) reject(new ApiError(code, answer as ApiStatus));
        else
          resolve({ code, body: answer as T, warnings: warningTexts(response.headersDistinct['warning']) });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${url.href} did not answer in time`)));
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Paths such as /readyz answer with text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}

/** `299 - "text"`, quotes and backslashes escaped, several in one line where a proxy joined them. */
function warningTexts(values: readonly string[] = []): readonly string[] {
  const text = /\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;
  return values.flatMap((value) =>
    [...value.matchAll(text)].map((match) => (match[1] ?? '').replaceAll(/\\(.)/g, '$1')),
  );
}
