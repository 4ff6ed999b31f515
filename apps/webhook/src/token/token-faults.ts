import type { TokenFault } from '../admission/token-copies.ts';
import { failureText, type ApiFailure } from '../cluster/api-failure.ts';
import type { TokenErrorCode } from './token-error-codes.ts';

export interface CodedTokenFault extends TokenFault {
  readonly code: TokenErrorCode;
}

/** Which secret is copied. */
export interface TokenSecret {
  readonly name: string;
  readonly sourceNamespace: string;
  /** What pods need of it: `ca.crt`, `client.yaml`, `servers.conf`. */
  readonly keys: readonly string[];
}

export function sourceMissing(secret: TokenSecret): CodedTokenFault {
  const { name, sourceNamespace } = secret;
  return {
    code: 'TOKEN_SOURCE_MISSING',
    detail:
      `there is no secret ${name} with the access token in the namespace ${sourceNamespace}: ` +
      `an administrator makes it by \`${createCommand(secret)}\``,
    retryable: false,
  };
}

export function sourceIncomplete(secret: TokenSecret, missingKeys: readonly string[]): CodedTokenFault {
  const { name, sourceNamespace } = secret;
  return {
    code: 'TOKEN_SOURCE_INCOMPLETE',
    detail:
      `the secret ${name} with the access token in the namespace ${sourceNamespace} lacks ${missingKeys.join(', ')}: ` +
      `an administrator mends it by \`${createCommand(secret)} --dry-run=client -o yaml | kubectl apply -f -\``,
    retryable: false,
  };
}

/** @param isLabelled whether it bears the label of copies, which anybody can set; a copy has the webhook's mark, too */
export function secretForeign(
  { name }: TokenSecret,
  namespace: string,
  isLabelled: boolean,
): CodedTokenFault {
  const why = isLabelled ? ' (it has the label of one, but not the mark of the webhook)' : '';
  return {
    code: 'TOKEN_SECRET_FOREIGN',
    detail:
      `the secret ${name} of the namespace ${namespace} is not a copy of the access token${why}, and is left as it is: ` +
      `give it another name, or \`kubectl delete secret ${name} -n ${namespace}\` if nothing needs it`,
    retryable: false,
  };
}

export function copyContested({ name }: TokenSecret, namespace: string): CodedTokenFault {
  return {
    code: 'TOKEN_COPY_CONTESTED',
    detail:
      `somebody keeps changing the secret ${name} in the namespace ${namespace}: ` +
      `find out who by \`kubectl get secret ${name} -n ${namespace} -o yaml --show-managed-fields\`, and try again`,
    retryable: true,
  };
}

export function namespaceUnserved(namespace: string): CodedTokenFault {
  return {
    code: 'TOKEN_NAMESPACE_UNSERVED',
    detail:
      `the webhook does not serve the namespace ${namespace}: create the pod in another one, ` +
      'or have an administrator include it in the namespace selector',
    retryable: false,
  };
}

export function namespaceGone(namespace: string): CodedTokenFault {
  return {
    code: 'TOKEN_NAMESPACE_GONE',
    detail: `the namespace ${namespace} does not exist or is being deleted: create the pod in another one`,
    retryable: false,
  };
}

export function copyRefused({ name }: TokenSecret, namespace: string, failure: ApiFailure): CodedTokenFault {
  const reason = failure.quota === '' ? failureText(failure) : failure.quota;
  return {
    code: 'TOKEN_COPY_REFUSED',
    detail: `the API server refuses the secret ${name} in the namespace ${namespace} (${reason}): mend that and try again`,
    retryable: false,
  };
}

export function accessDenied({ name }: TokenSecret, failure: ApiFailure): CodedTokenFault {
  return {
    code: 'TOKEN_ACCESS_DENIED',
    detail:
      `the webhook may not read secrets of the name ${name} (${failureText(failure)}): ` +
      'an administrator adds that name to its ClusterRole',
    retryable: true,
  };
}

export function apiUnavailable({ name }: TokenSecret, namespace: string, reason: string): CodedTokenFault {
  return {
    code: 'TOKEN_API_UNAVAILABLE',
    detail: `the secret ${name} could not be copied to the namespace ${namespace} (${reason}): try again`,
    retryable: true,
  };
}

function createCommand({ name, sourceNamespace, keys }: TokenSecret): string {
  const files = keys.map((key) => `--from-file=${key}`).join(' ');
  return `kubectl create secret generic ${name} -n ${sourceNamespace} ${files}`;
}

/** The source was replaced, or somebody changed the copy, while it was being written. */
export function mayPassAtOnce({ code }: CodedTokenFault): boolean {
  return (
    code === 'TOKEN_SOURCE_MISSING' || code === 'TOKEN_SOURCE_INCOMPLETE' || code === 'TOKEN_COPY_CONTESTED'
  );
}
