import { isJsonObject } from '@bwki/plain-data';
import fastJsonPatch, { type Operation } from 'fast-json-patch';

import type { AdmissionResponse } from '../../src/admission/response.ts';
import type { FuzzCase } from './body-arbitrary.ts';
import type { Outcome } from './in-process-webhook.ts';
import { secretMark } from './container-arbitrary.ts';

/** What holds for the answer to any request whatsoever (B50, B57): why it does not, or undefined where it does. */
export function faultIn({ webhook, body }: FuzzCase, { answer, lines }: Outcome): string | undefined {
  if (Object.keys(Object.prototype).length > 0) return 'Object.prototype was changed';
  if (answer === undefined) return 'no answer';
  const line = logFault(lines, answer.status === 200);
  if (line !== undefined) return line;
  const review = readReview(body);
  if (answer.status === 400) {
    if (!/^(not an AdmissionReview: |the body is not |the body has more values )/.test(answer.body))
      return `400 says ${answer.body}`;
    return isComplete(review) ? `a review that has all it needs is refused: ${answer.body}` : undefined;
  }
  if (answer.status !== 200) return `status ${answer.status}`;
  if (review === undefined) return 'a body that is no JSON is answered as a review';
  const said = JSON.parse(answer.body) as Said;
  if (said.apiVersion !== review.apiVersion) return `answered in ${said.apiVersion}, which was not asked`;
  return responseFault(review, said.response, webhook);
}

interface Review {
  readonly kind?: unknown;
  readonly apiVersion?: unknown;
  readonly request?: Readonly<Record<string, unknown>> | null;
}

interface Said {
  readonly apiVersion: string;
  readonly response: AdmissionResponse;
}

function readReview(body: Buffer): Review | undefined {
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    return isJsonObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

/** As an API server sends it: every field that is always there has a value of its type. */
function isComplete(review: Review | undefined): boolean {
  if (review?.kind !== 'AdmissionReview' || !versions.has(review.apiVersion)) return false;
  const { uid, operation, namespace, object, dryRun } = review.request ?? {};
  return (
    isText(uid, 128) &&
    operations.has(operation) &&
    isText(namespace, 253) &&
    typeof dryRun === 'boolean' &&
    isJsonObject(object)
  );
}

const versions: ReadonlySet<unknown> = new Set(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1']);
const operations: ReadonlySet<unknown> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);

function isText(value: unknown, maxLength: number): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= maxLength;
}

function responseFault(
  { request }: Review,
  response: AdmissionResponse,
  webhook: string,
): string | undefined {
  const { uid, allowed, status, patch, patchType, warnings = [] } = response;
  if (uid !== request?.['uid']) return 'another uid';
  if (typeof allowed !== 'boolean') return 'allowed is no boolean';
  if (!allowed && (status === undefined || status.message === '')) return 'a refusal without a reason';
  if (warnings.some(({ length }) => length > 120)) return 'a warning of more than 120 characters';
  if ((patch === undefined) !== (patchType === undefined)) return 'a patch without its type, or the reverse';
  if (patch === undefined) return undefined;
  if (webhook === 'validate' || !allowed) return 'a patch where there should be none';
  return patchFault(request['object'], patch);
}

/** A patch has to fit the pod that was sent. */
function patchFault(pod: unknown, patch: string): string | undefined {
  const operations = JSON.parse(Buffer.from(patch, 'base64').toString()) as Operation[];
  if (operations.length === 0) return 'an empty patch';
  try {
    fastJsonPatch.applyPatch(pod, operations, true, true, true);
  } catch (error) {
    return `the patch does not fit: ${error instanceof Error ? error.message : String(error)}`;
  }
  return undefined;
}

const decisionFields = ['uid', 'namespace', 'pod', 'outcome', 'units', 'ms'];

/** One line for each request; that of a decision has what a reader looks for, and no line has a user's secret. */
function logFault(lines: readonly string[], isDecision: boolean): string | undefined {
  const [line] = lines;
  if (line === undefined || lines.length > 1) return `${lines.length} log lines`;
  if (line.includes(secretMark)) return `a secret in the log: ${line}`;
  if (!isDecision) return undefined;
  const fields = JSON.parse(line) as object;
  const missing = decisionFields.filter((field) => !(field in fields));
  return missing.length === 0 ? undefined : `a log line without ${missing.join(', ')}`;
}
