/** Why a call of the API has no result. Holds nothing of an object. */
export interface ApiFailure {
  /** HTTP status; 0 where none came: no connection, or one that broke. */
  readonly status: number;
  /** Kubernetes' reason, such as `AlreadyExists`; the code of the system's error where no answer came. */
  readonly reason: string;
  /** Reasons of Kubernetes' causes, such as `NamespaceTerminating`. */
  readonly causes: readonly string[];
  /** What a quota says, which the user has to know; empty otherwise, since other messages may quote the object. */
  readonly quota: string;
  /** How long the API server asks to wait. */
  readonly retryAfterMs: number | undefined;
}

/** Kubernetes' `Status`, as far as it tells what went wrong. */
interface StatusLike {
  readonly reason?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly details?: {
    readonly causes?: unknown;
    readonly retryAfterSeconds?: unknown;
  };
}

interface CauseLike {
  readonly reason?: unknown;
}

/** @param status HTTP status; that of the body where undefined, as in a watch's ERROR event */
export function statusFailure(body: unknown, status?: number, retryAfter?: string): ApiFailure {
  const said = (typeof body === 'object' && body !== null ? body : {}) as StatusLike;
  const given: unknown = said.details?.causes;
  const causes = Array.isArray(given) ? (given as readonly (CauseLike | null)[]) : [];
  const seconds = Number(retryAfter ?? said.details?.retryAfterSeconds);
  return {
    status: status ?? (typeof said.code === 'number' ? said.code : 0),
    reason: typeof said.reason === 'string' ? said.reason : '',
    causes: causes.map((cause) => cause?.reason).filter((reason) => typeof reason === 'string'),
    quota: typeof said.message === 'string' ? (/exceeded quota: .*/.exec(said.message)?.[0] ?? '') : '',
    retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
  };
}

export function networkFailure(error: unknown): ApiFailure {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return {
    status: 0,
    reason: typeof code === 'string' ? code : 'NO_ANSWER',
    causes: [],
    quota: '',
    retryAfterMs: undefined,
  };
}

/** Whether the same call may succeed in a moment. */
export function isTransient({ status }: ApiFailure): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}

/** Whether the webhook's own account is the trouble: its token, or its role. */
export function isAccessDenied({ status }: ApiFailure): boolean {
  return status === 401 || status === 403;
}

/** `HTTP 409 AlreadyExists`, `ECONNREFUSED` */
export function failureText({ status, reason }: ApiFailure): string {
  return status === 0 ? reason : `HTTP ${status} ${reason}`.trimEnd();
}
