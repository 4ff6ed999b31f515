import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type Http2ServerResponse } from 'node:http2';

import Koa from 'koa';

import type { AdmissionEndpoint } from '../admission/admission-endpoint.ts';
import { textAnswer } from './answer.ts';
import { answerReview } from './answer-review.ts';
import type { BodyBudget } from './body-budget.ts';
import { requestTimeoutMs } from './request-timeout.ts';

export interface AdmissionApp {
  readonly mutate: AdmissionEndpoint;
  readonly validate: AdmissionEndpoint;
  /** Of both endpoints together. */
  readonly bodies: BodyBudget;
  /** True once no new connection is wanted: each answer then ends its own (B55). */
  readonly isDraining: () => boolean;
}

/** `POST /mutate` and `POST /validate`. Every request gets an answer, as long as its client waits. */
export function admissionApp(
  app: AdmissionApp,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const endpoints = new Map([
    ['/mutate', app.mutate],
    ['/validate', app.validate],
  ]);
  const koa = new Koa({ env: 'production' });
  koa.use(async ({ req, res, response }) => {
    const { path, query } = splitUrl(req.url ?? '/');
    const endpoint = endpoints.get(path);
    const answer =
      endpoint === undefined
        ? textAnswer(404, 'POST /mutate and POST /validate are all there is')
        : await answerReview(req, endpoint, () => deadlineOf(res, query), app.bodies);
    if (answer === undefined) return;
    response.status = answer.status;
    response.set('Content-Type', answer.contentType);
    if (answer.status === 405) response.set('Allow', 'POST');
    if ((answer.closes === true || app.isDraining()) && req.httpVersionMajor === 1) {
      response.set('Connection', 'close');
    }
    // Over HTTP/2 a body that nobody reads would stay in memory until its client ends it.
    if (!req.complete && req.httpVersionMajor === 2) {
      res.once('finish', () => {
        closeStream(res);
      });
    }
    response.body = answer.body;
  });
  // What is left after `answerReview` are connections that broke while an answer was on its way.
  koa.silent = true;
  return koa.callback();
}

function closeStream(response: ServerResponse): void {
  (response as unknown as Http2ServerResponse).stream.close(constants.NGHTTP2_NO_ERROR);
}

function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const mark = url.indexOf('?');
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** Aborts when the API server waits no longer, be it that its time is up or that it has gone. */
function deadlineOf(response: ServerResponse, query: string): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  return AbortSignal.any([AbortSignal.timeout(requestTimeoutMs(query)), gone.signal]);
}
