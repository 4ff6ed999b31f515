import type {
  MutatingWebhookConfiguration,
  RuleWithOperations,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
  WebhookClientConfig,
} from 'kubernetes-types/admissionregistration/v1.js';

import { matchConditions } from './match-conditions.ts';
import { names } from './names.ts';

/** Where the API server finds the webhook: behind its Service, or at an address of its own. */
export type WebhookAddress =
  | { readonly kind: 'service'; readonly namespace?: string | undefined; readonly port?: number | undefined }
  | { readonly kind: 'url'; readonly url: string };

export interface WebhookConfigurationSettings {
  readonly address: WebhookAddress;
  /** PEM; undefined where the webhook itself or cert-manager writes it in. */
  readonly caBundle?: string | undefined;
  /**
   * True from Kubernetes 1.28 on: only pods that have to do with Bitfusion are sent, and none of them passes while
   * the webhook is away. Before, all pods are sent and pass then.
   */
  readonly hasMatchConditions: boolean;
  /** 1 to 30; default 10, as Kubernetes has it. */
  readonly timeoutSeconds?: number | undefined;
  /** The webhook's own namespace, whose pods are never sent: it could not start otherwise. Default `bwki`. */
  readonly namespace?: string | undefined;
}

export interface WebhookConfigurations {
  readonly mutating: MutatingWebhookConfiguration;
  readonly validating: ValidatingWebhookConfiguration;
}

/** Both configurations, of which the chart, the tests and the webhook itself have the one source. */
export function webhookConfigurations(settings: WebhookConfigurationSettings): WebhookConfigurations {
  return {
    mutating: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: names.mutatingConfiguration },
      webhooks: [
        {
          name: 'mutation.bitfusion.io',
          clientConfig: clientConfig('/mutate', settings),
          rules: [podRule('pods', 'CREATE')],
          sideEffects: 'NoneOnDryRun',
          reinvocationPolicy: 'IfNeeded',
          ...shared(settings),
        },
      ],
    },
    validating: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: names.validatingConfiguration },
      webhooks: [
        {
          name: 'validation.bitfusion.io',
          clientConfig: clientConfig('/validate', settings),
          rules: [podRule('pods', 'CREATE'), podRule('pods/ephemeralcontainers', 'UPDATE')],
          sideEffects: 'None',
          ...shared(settings),
        },
      ],
    },
  };
}

/** The fields that both have, and in the same way. */
type SharedFields = Pick<
  ValidatingWebhook,
  | 'admissionReviewVersions'
  | 'failurePolicy'
  | 'matchConditions'
  | 'matchPolicy'
  | 'namespaceSelector'
  | 'timeoutSeconds'
>;

function shared(settings: WebhookConfigurationSettings): SharedFields {
  const { hasMatchConditions, timeoutSeconds = 10, namespace = names.namespace } = settings;
  return {
    admissionReviewVersions: ['v1', 'v1beta1'],
    matchPolicy: 'Equivalent',
    timeoutSeconds,
    namespaceSelector: {
      matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [namespace] }],
    },
    ...(hasMatchConditions
      ? { failurePolicy: 'Fail', matchConditions: matchConditions() }
      : { failurePolicy: 'Ignore' }),
  };
}

/** The type that is generated from the API's schema leaves out what the schema takes over from `Rule`. */
interface PodRule extends RuleWithOperations {
  readonly resources: string[];
  readonly scope: 'Namespaced';
}

/**
 * Never UPDATE of pods: a webhook that is away would keep the finalizers of finished Jobs' pods, and extended resources
 * cannot change.
 */
function podRule(resource: string, operation: string): PodRule {
  return {
    apiGroups: [''],
    apiVersions: ['v1'],
    resources: [resource],
    operations: [operation],
    scope: 'Namespaced',
  };
}

function clientConfig(
  path: string,
  { address, caBundle, namespace }: WebhookConfigurationSettings,
): WebhookClientConfig {
  const trust = caBundle === undefined ? {} : { caBundle: Buffer.from(caBundle).toString('base64') };
  if (address.kind === 'url') return { url: address.url + path, ...trust };
  const service = {
    namespace: address.namespace ?? namespace ?? names.namespace,
    name: names.service,
    path,
    port: address.port ?? 443,
  };
  return { service, ...trust };
}
