import { copyLabel, copyMarkAnnotation, copyMarkKeySecret, copyMarkPattern } from '../token/copy-marks.ts';
import { names } from './names.ts';
import {
  fieldsBut,
  type AdmissionPolicy,
  type AdmissionPolicyBinding,
  type PolicyValidation,
} from './admission-policy.ts';

/** What the fence lets the webhook's account write. */
export interface FenceSettings {
  /** The webhook's own namespace. Default `bwki`. */
  readonly namespace?: string | undefined;
  /** Names of the token secrets that it copies; empty where the namespaces hold their own. */
  readonly tokenSecrets: readonly string[];
  /** Where the administrator puts the source secrets, which the webhook never writes. */
  readonly tokenNamespace: string;
}

export interface FenceObjects {
  readonly secretPolicy: AdmissionPolicy;
  readonly secretBinding: AdmissionPolicyBinding;
  readonly configurationPolicy: AdmissionPolicy;
  readonly configurationBinding: AdmissionPolicyBinding;
}

/**
 * Two ValidatingAdmissionPolicies for the webhook's own account, since RBAC can neither narrow a create by name nor a
 * patch by field: secrets are copies of the token or the webhook's own, and of a webhook configuration nothing changes
 * but `caBundle`. Kubernetes >= 1.30.
 */
export function fenceObjects(settings: FenceSettings): FenceObjects {
  const { namespace = names.namespace } = settings;
  const secrets = policy(fenceNames.secrets, namespace, {
    apiGroups: [''],
    resources: ['secrets'],
    operations: ['CREATE', 'UPDATE'],
    variables: secretVariables(namespace, settings),
    validations: secretValidations,
  });
  const configurations = policy(fenceNames.configurations, namespace, {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    operations: ['CREATE', 'UPDATE'],
    validations: configurationValidations,
  });
  return {
    secretPolicy: secrets,
    secretBinding: binding(fenceNames.secrets),
    configurationPolicy: configurations,
    configurationBinding: binding(fenceNames.configurations),
  };
}

const fenceNames = {
  secrets: 'bitfusion-webhook-secrets',
  configurations: 'bitfusion-webhook-configurations',
} as const;

/** The secrets in the webhook's own namespace that it makes: certificates, and the key of the copies' marks. */
const ownSecrets = [names.certificates, copyMarkKeySecret.name];

function secretVariables(
  namespace: string,
  { tokenSecrets, tokenNamespace }: FenceSettings,
): readonly PolicyVariable[] {
  const isNamed = (list: readonly string[]): string => `object.metadata.name in ${celList(list)}`;
  return [
    { name: 'isOwn', expression: `request.namespace == '${namespace}' && ${isNamed(ownSecrets)}` },
    {
      name: 'isCopy',
      expression: `request.namespace != '${tokenNamespace}' && ${isNamed(tokenSecrets)}`,
    },
    { name: 'labels', expression: 'has(object.metadata.labels) ? object.metadata.labels : {}' },
    {
      name: 'annotations',
      expression: 'has(object.metadata.annotations) ? object.metadata.annotations : {}',
    },
  ];
}

interface PolicyVariable {
  readonly name: string;
  readonly expression: string;
}

const secretValidations: readonly PolicyValidation[] = [
  {
    expression: 'variables.isOwn || variables.isCopy',
    message: 'the webhook writes copies of the token and its own secrets only',
  },
  {
    // A secret of type kubernetes.io/service-account-token gets the token of any account of its namespace.
    expression: "object.type == 'Opaque' || (variables.isOwn && object.type == 'kubernetes.io/tls')",
    message:
      'the webhook writes secrets of type Opaque only, its certificates also of type kubernetes.io/tls',
  },
  {
    expression: "variables.annotations.all(key, !key.startsWith('kubernetes.io/service-account.'))",
    message: 'the webhook writes no secret that names a service account',
  },
  {
    expression: `variables.isOwn || ('${copyLabel.key}' in variables.labels && variables.labels['${copyLabel.key}'] == '${copyLabel.value}')`,
    message: `the webhook writes copies with the label ${copyLabel.key} only`,
  },
  {
    expression: `variables.isOwn || ('${copyMarkAnnotation}' in variables.annotations && variables.annotations['${copyMarkAnnotation}'].matches('${copyMarkPattern}'))`,
    message: `the webhook writes copies with the annotation ${copyMarkAnnotation} only`,
  },
  ...['finalizers', 'ownerReferences'].map((field) => ({
    expression: `(has(object.metadata.${field}) ? object.metadata.${field} : []) == (oldObject != null && has(oldObject.metadata.${field}) ? oldObject.metadata.${field} : [])`,
    message: `the webhook changes no ${field}`,
  })),
];

/** `dyn`, so that fields are compared that no version of the API known here has. */
const configurationValidations: readonly PolicyValidation[] = [
  {
    expression: "request.operation == 'UPDATE'",
    message: 'the webhook creates no webhook configuration',
  },
  {
    expression: fieldsBut('dyn(object)', 'dyn(oldObject)', ['metadata', 'webhooks']),
    message: 'the webhook changes nothing but caBundle',
  },
  {
    // The API server writes these three.
    expression: fieldsBut('dyn(object.metadata)', 'dyn(oldObject.metadata)', [
      'generation',
      'managedFields',
      'resourceVersion',
    ]),
    message: 'the webhook changes nothing but caBundle, and no metadata',
  },
  {
    expression: 'object.webhooks.map(w, w.name) == oldObject.webhooks.map(w, w.name)',
    message: 'the webhook adds and removes no webhook',
  },
  {
    expression: everyWebhook(fieldsBut('dyn(w)', 'dyn(old)', ['clientConfig'])),
    message: 'the webhook changes nothing but caBundle of a webhook',
  },
  {
    expression: everyWebhook(fieldsBut('dyn(w.clientConfig)', 'dyn(old.clientConfig)', ['caBundle'])),
    message: 'the webhook changes nothing but caBundle of a clientConfig',
  },
];

function everyWebhook(holds: string): string {
  return `object.webhooks.all(w, oldObject.webhooks.exists(old, old.name == w.name && ${holds}))`;
}

interface PolicyContent {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly operations: string[];
  readonly variables?: readonly PolicyVariable[];
  readonly validations: readonly PolicyValidation[];
}

function policy(
  name: string,
  namespace: string,
  { apiGroups, resources, operations, variables, validations }: PolicyContent,
): AdmissionPolicy {
  const account = `system:serviceaccount:${namespace}:${names.deployment}`;
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        matchPolicy: 'Equivalent',
        resourceRules: [{ apiGroups, apiVersions: ['*'], resources, operations }],
      },
      matchConditions: [{ name: 'is-the-webhook', expression: `request.userInfo.username == '${account}'` }],
      ...(variables && { variables }),
      validations,
    },
  };
}

function binding(name: string): AdmissionPolicyBinding {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
}

function celList(values: readonly string[]): string {
  return `[${values.map((value) => `'${value}'`).join(', ')}]`;
}
