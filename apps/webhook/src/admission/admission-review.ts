import { err, isJsonObject, ok, type Result } from '@bwki/plain-data';
import type { PodLike } from '@bwki/spec-parser';

/** The versions of AdmissionReview that are read; the answer is given in the one that was asked. */
const versions = ['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'] as const;
export type AdmissionVersion = (typeof versions)[number];

const operations = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;
export type Operation = (typeof operations)[number];

/** The part of an `AdmissionRequest` that is used. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: Operation;
  /** The request's own, which the API server vouches for; never that of the object (B50). Empty for no pod. */
  readonly namespace: string;
  /** As a person would look for it: the name, or `generateName` where the API server is yet to make one. */
  readonly podName: string;
  /** True for a whole pod; false for another kind and for a subresource such as `pods/exec`. */
  readonly isPod: boolean;
  readonly dryRun: boolean;
  /** The pod; any JSON object may stand behind the type. Undefined where the operation has none. */
  readonly object: PodLike | undefined;
}

export interface AdmissionReview {
  readonly apiVersion: AdmissionVersion;
  readonly request: AdmissionRequest;
}

/** Longer than any that an API server makes (36 characters); it is sent back and logged. */
const maxUid = 128;

/** A name of Kubernetes has at most 253 characters. */
const maxName = 253;

/**
 * Reads the envelope; the pod inside is for `parsePod` to judge.
 *
 * @returns what is wrong, as the text of an HTTP 400
 */
export function decodeReview(json: unknown): Result<AdmissionReview, string> {
  if (!isJsonObject(json)) return err('the body is not an object');
  const { kind, apiVersion, request } = json;
  if (kind !== 'AdmissionReview') return err('kind is not AdmissionReview');
  const version = versions.find((known) => known === apiVersion);
  if (version === undefined) return err(`apiVersion is none of ${versions.join(', ')}`);
  if (!isJsonObject(request)) return err('request is not an object');
  const decoded = decodeRequest(request);
  return decoded.ok ? ok({ apiVersion: version, request: decoded.value }) : decoded;
}

function decodeRequest(request: Readonly<Record<string, unknown>>): Result<AdmissionRequest, string> {
  const { uid, object, dryRun, name } = request;
  if (typeof uid !== 'string' || uid === '' || uid.length > maxUid) {
    return err(`request.uid is not a text of 1 to ${maxUid} characters`);
  }
  const operation = operations.find((known) => known === request['operation']);
  if (operation === undefined) return err(`request.operation is none of ${operations.join(', ')}`);
  if (dryRun !== undefined && typeof dryRun !== 'boolean') return err('request.dryRun is not a boolean');
  const isPod = isPodRequest(request);
  const namespace = request['namespace'] ?? '';
  if (typeof namespace !== 'string' || namespace.length > maxName || (isPod && namespace === '')) {
    return err('request.namespace is not the name of a namespace');
  }
  const pod = isJsonObject(object) ? object : undefined;
  if (isPod && pod === undefined && (operation === 'CREATE' || operation === 'UPDATE')) {
    return err('request.object is not an object');
  }
  return ok({
    uid,
    operation,
    namespace,
    podName: typeof name === 'string' && name !== '' ? name.slice(0, maxName) : nameOf(pod),
    isPod,
    dryRun: dryRun === true,
    object: pod,
  });
}

function isPodRequest({ kind, subResource }: Readonly<Record<string, unknown>>): boolean {
  if (!isJsonObject(kind) || (subResource !== undefined && subResource !== '')) return false;
  return kind['kind'] === 'Pod' && (kind['group'] ?? '') === '';
}

function nameOf(pod: Readonly<Record<string, unknown>> | undefined): string {
  const metadata = pod?.['metadata'];
  if (!isJsonObject(metadata)) return '';
  const { name, generateName } = metadata;
  const text = typeof name === 'string' && name !== '' ? name : generateName;
  return typeof text === 'string' ? text.slice(0, maxName) : '';
}
