import type { IncomingMessage } from 'node:http';

import { err, type Result } from '@bwki/plain-data';

import type { AdmissionEndpoint } from '../admission/admission-endpoint.ts';
import { type AdmissionReview, decodeReview } from '../admission/admission-review.ts';
import { encodeResponse } from '../admission/response.ts';
import { jsonAnswer, rejection, textAnswer, type Answer } from './answer.ts';
import type { BodyBudget } from './body-budget.ts';
import type { Body } from './body-store.ts';
import { isJsonType, parseJson } from './json-body.ts';
import { readBody } from './read-body.ts';

/** B50. An API server's own objects have at most 3 MiB or so. */
const maxBodyBytes = 8 * 1024 * 1024;

/**
 * The request's way, straight on: bytes, review, decision, bytes. What is not a review is told apart by its HTTP
 * status (B50); a bug is a 500, so that `failurePolicy` decides.
 *
 * @returns undefined where nobody waits for an answer any more
 */
export async function answerReview(
  request: IncomingMessage,
  endpoint: AdmissionEndpoint,
  deadline: () => AbortSignal,
  budget: BodyBudget,
): Promise<Answer | undefined> {
  const start = performance.now();
  const ms = (): number => performance.now() - start;
  const { record } = endpoint;
  let uid: string | undefined;
  try {
    if (request.method !== 'POST') return rejection(record, ms, 405, 'only POST is answered here');
    const { 'content-type': type, 'content-encoding': encoding = 'identity' } = request.headers;
    if (!isJsonType(type)) return rejection(record, ms, 415, 'the content type is not application/json');
    if (encoding !== 'identity') return rejection(record, ms, 415, 'the body is compressed');
    const body = await readBody(request, maxBodyBytes, budget);
    if (!body.ok) {
      if (body.error !== 'aborted') {
        const { status, text } = bodyRejections[body.error];
        return { ...rejection(record, ms, status, text), closes: true };
      }
      record.failed('aborted', {}, ms());
      return undefined;
    }
    const review = readReview(body.value);
    if (!review.ok) return rejection(record, ms, 400, review.error);
    uid = review.value.request.uid;
    const decided = endpoint.decide(review.value.request, deadline);
    // While a decision waits, only what its answer needs stays in memory: the pod may be large.
    const asked = withoutPod(review.value);
    const decision = decided instanceof Promise ? await decided : decided;
    const answer = jsonAnswer(encodeResponse(asked, decision));
    record.decided(asked.request, decision, ms());
    return answer;
  } catch (error) {
    record.failed('error', { uid, stack: framesOf(error) }, ms());
    return textAnswer(500, 'a fault of the webhook, not of the request: its log says where');
  }
}

const bodyRejections = {
  'too-large': { status: 413, text: `the body has more than ${maxBodyBytes} bytes` },
  'too-many-pieces': { status: 400, text: 'the body comes in too many small pieces: send larger ones' },
  dropped: { status: 503, text: 'the body came too slowly while many others were being received: try again' },
} as const;

function readReview(body: Body): Result<AdmissionReview, string> {
  try {
    const json = parseJson(body.bytes);
    if (!json.ok) return json;
    const review = decodeReview(json.value);
    return review.ok ? review : err(`not an AdmissionReview: ${review.error}`);
  } finally {
    body.release();
  }
}

function withoutPod({ apiVersion, request }: AdmissionReview): AdmissionReview {
  return { apiVersion, request: { ...request, object: undefined } };
}

/** Where a bug is. Its message is left out: it may quote the pod. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return [error.name, ...frames].join('\n');
}
