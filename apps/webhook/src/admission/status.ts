import { formatFieldError, type FieldError, type FieldErrorType } from '@bwki/spec-parser';

import type { TokenFault } from './token-copies.ts';

/** The part of Kubernetes' `Status` that a refusal carries. */
export interface Status {
  readonly status: 'Failure';
  readonly reason: string;
  readonly code: number;
  /** What `kubectl` shows after "admission webhook … denied the request:". */
  readonly message: string;
  readonly details?: {
    readonly kind?: 'Pod';
    readonly name?: string;
    readonly causes?: readonly StatusCause[];
    readonly retryAfterSeconds?: number;
  };
}

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** A pod can have thousands of faults; so many are told one by one, and the rest as a number. */
const maxCauses = 100;

/** Characters of the message, which `kubectl` prints as one line. */
const maxMessage = 4000;

const causeReasons: Readonly<Record<FieldErrorType, string>> = {
  Required: 'FieldValueRequired',
  Invalid: 'FieldValueInvalid',
  NotSupported: 'FieldValueNotSupported',
  Duplicate: 'FieldValueDuplicate',
  Forbidden: 'FieldValueForbidden',
  TooLong: 'FieldValueTooLong',
  TypeInvalid: 'FieldValueTypeInvalid',
};

/**
 * A user's faults, as the API server itself reports those of a field: 422, with one cause each (B50). `kubectl` then
 * prints `The Pod "NAME" is invalid` and the causes.
 *
 * @param name of the pod, or what its name is to begin with
 */
export function invalidStatus(name: string, errors: readonly FieldError[]): Status {
  return {
    status: 'Failure',
    reason: 'Invalid',
    code: 422,
    message: messageOf(errors),
    details: { kind: 'Pod', name, causes: errors.slice(0, maxCauses).map(causeOf) },
  };
}

/** What a mutated pod needs is not there: 503 where a moment may mend it, 422 where somebody has to. */
export function unavailableStatus({ code, detail, retryable }: TokenFault): Status {
  const message = `${detail} (${code})`;
  return retryable
    ? {
        status: 'Failure',
        reason: 'ServiceUnavailable',
        code: 503,
        message,
        details: { retryAfterSeconds: 1 },
      }
    : { status: 'Failure', reason: 'Invalid', code: 422, message };
}

function messageOf(errors: readonly FieldError[]): string {
  let message = '';
  for (const [index, error] of errors.entries()) {
    const text = `${formatFieldError(error)} (${error.code})`;
    if (index > 0 && message.length + text.length > maxMessage) {
      return `${message}; and ${errors.length - index} more`;
    }
    message += index === 0 ? text : `; ${text}`;
  }
  return message;
}

function causeOf(error: FieldError): StatusCause {
  return { reason: causeReasons[error.type], message: faultText(error), field: error.field };
}

/** The fault without its field, which a cause has apart. */
function faultText(error: FieldError): string {
  return `${formatFieldError({ ...error, field: '' }).replace(/^: /, '')} (${error.code})`;
}
