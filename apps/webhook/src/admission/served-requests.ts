import type { WebhookErrorCode } from '../error-codes.ts';
import { isNamespaceName } from '../namespaces/namespace-name.ts';
import type { AdmissionRequest } from './admission-review.ts';
import type { Decision } from './decision.ts';
import type { NamespaceSelection, NamespaceVerdict } from './namespace-selection.ts';

const unserved: Decision = Object.freeze({ kind: 'unserved' });

/**
 * Decides only about pods that the API server sends by the selectors of the webhook configurations. Anybody who reaches
 * the port can post a review of any other.
 *
 * @param namespaces undefined where there is no cluster to ask
 * @param deadline made only where the API server has to be asked
 */
export function decideIfServed(
  request: AdmissionRequest,
  namespaces: NamespaceSelection | undefined,
  deadline: () => AbortSignal,
  decide: () => Decision | Promise<Decision>,
): Decision | Promise<Decision> {
  const { isPod, operation, namespace, object } = request;
  if (!isPod || operation !== 'CREATE') return decide();
  if (!isNamespaceName(namespace)) return unserved;
  if (namespaces === undefined) return decide();
  if (object === undefined || !namespaces.selectsPod(object)) return unserved;
  const verdict = namespaces.lookUp(namespace, deadline);
  const judge = (known: NamespaceVerdict): Decision | Promise<Decision> => {
    if (known === 'served') return decide();
    return known === 'unknown' ? unknown(namespace) : unserved;
  };
  return verdict instanceof Promise ? verdict.then(judge) : judge(verdict);
}

function unknown(namespace: string): Decision {
  return {
    kind: 'unavailable',
    fault: {
      code: 'ADMISSION_NAMESPACE_UNKNOWN' satisfies WebhookErrorCode,
      detail: `the API server did not say in time whether the namespace ${namespace} is served: try again`,
      retryable: true,
    },
  };
}
