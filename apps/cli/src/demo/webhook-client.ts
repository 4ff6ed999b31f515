import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text } from 'node:stream/consumers';

/** A webhook, as an API server knows it. */
export interface WebhookAddress {
  /** `https://127.0.0.1:8443` */
  readonly url: string;
  /** PEM: what its certificate is trusted by. */
  readonly caBundle: string;
}

/** The part of an `AdmissionResponse` that the demo looks at. */
export interface WebhookAnswer {
  readonly allowed: boolean;
  /** JSON Patch as text; undefined where the pod stays as it is. */
  readonly patch: string | undefined;
  /** Why it was refused; empty where it was not. */
  readonly message: string;
  /** From the question's first byte to the answer's last. */
  readonly milliseconds: number;
}

/** Asks a webhook as an API server does: HTTPS with its CA, one connection that is kept. */
export class WebhookClient implements Disposable {
  readonly #url: string;
  readonly #agent: Agent;

  constructor({ url, caBundle }: WebhookAddress) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ca: caBundle });
  }

  /** Fails where there is no answer to the review. */
  async review(path: '/mutate' | '/validate', pod: object, signal: AbortSignal): Promise<WebhookAnswer> {
    const body = JSON.stringify(reviewOf(pod));
    const start = performance.now();
    const sent = request(this.#url + path, {
      method: 'POST',
      agent: this.#agent,
      signal,
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const json = await text(answer);
    const milliseconds = performance.now() - start;
    if (answer.statusCode !== 200) throw new Error(`${path} answers ${answer.statusCode ?? '?'}: ${json}`);
    const { response } = JSON.parse(json) as AdmissionReview;
    return {
      allowed: response.allowed,
      patch: response.patch === undefined ? undefined : Buffer.from(response.patch, 'base64').toString(),
      message: response.status?.message ?? '',
      milliseconds,
    };
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

interface AdmissionReview {
  readonly response: {
    readonly allowed: boolean;
    readonly patch?: string;
    readonly status?: { readonly message: string };
  };
}

function reviewOf(pod: object): object {
  const kind = { group: '', version: 'v1', kind: 'Pod' };
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: { uid: randomUUID(), kind, namespace: 'demo', operation: 'CREATE', object: pod, dryRun: false },
  };
}
