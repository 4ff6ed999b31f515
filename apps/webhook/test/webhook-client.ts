import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

import type { AdmissionResponse } from '../src/admission/response.ts';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** There was no connection, so that no request was sent. */
export class NotConnected extends Error {}

export interface SendOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Talks to a webhook as an API server does: HTTPS, its CA known, connections kept. */
export class WebhookClient implements Disposable {
  readonly #url: string;
  readonly #agent: Agent;

  constructor({ url, caBundle }: { readonly url: string; readonly caBundle: string }, maxSockets = 64) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets, ca: caBundle });
  }

  async send(path: string, body: string | Buffer, options: SendOptions = {}): Promise<Reply> {
    const sent = request(this.#url + path, {
      method: 'POST',
      agent: this.#agent,
      ...options,
      headers: { 'Content-Type': 'application/json', ...options.headers },
    });
    // A server may answer and close before it has read all: that the rest cannot be written is no news then.
    sent.on('error', () => undefined).end(body);
    let isConnected = false;
    sent.once('socket', (socket: TLSSocket & { readonly secureConnecting?: boolean }) => {
      isConnected = !socket.connecting && socket.secureConnecting !== true;
      socket.once('secureConnect', () => (isConnected = true));
    });
    const [response] = (await once(sent, 'response').catch((error: unknown) => {
      throw isConnected ? error : new NotConnected(String(error), { cause: error });
    })) as [IncomingMessage];
    const text = (await buffer(response)).toString();
    return { status: response.statusCode ?? 0, headers: response.headers, text };
  }

  /** The answer to a review; fails where there is none. */
  async review(path: string, review: object): Promise<AdmissionResponse> {
    const { status, text } = await this.send(path, JSON.stringify(review));
    if (status !== 200) throw new Error(`${status} ${text}`);
    return (JSON.parse(text) as { readonly response: AdmissionResponse }).response;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

/** The operations of an answer's patch. */
export function patchOf({ patch }: AdmissionResponse): readonly { readonly path: string }[] {
  return JSON.parse(Buffer.from(patch ?? '', 'base64').toString()) as readonly { readonly path: string }[];
}
