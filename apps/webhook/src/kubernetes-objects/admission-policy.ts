/** `admissionregistration.k8s.io/v1`, which the package of generated types lacks. */
export interface AdmissionPolicy {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'ValidatingAdmissionPolicy';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly failurePolicy: 'Fail' | 'Ignore';
    readonly matchConstraints: {
      readonly matchPolicy: 'Equivalent';
      readonly resourceRules: readonly {
        readonly apiGroups: readonly string[];
        readonly apiVersions: readonly string[];
        readonly resources: readonly string[];
        readonly operations: readonly string[];
      }[];
    };
    readonly matchConditions: readonly { readonly name: string; readonly expression: string }[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations: readonly PolicyValidation[];
  };
}

export interface PolicyValidation {
  /** CEL. */
  readonly expression: string;
  readonly message: string;
}

export interface AdmissionPolicyBinding {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'ValidatingAdmissionPolicyBinding';
  readonly metadata: { readonly name: string };
  readonly spec: { readonly policyName: string; readonly validationActions: readonly 'Deny'[] };
}

/** A CEL expression: two maps have the same keys with equal values, some keys aside. Each map is itself an expression. */
export function fieldsBut(map: string, old: string, keys: readonly string[]): string {
  const but = `[${keys.map((key) => `'${key}'`).join(', ')}]`;
  return `${map}.all(k, k in ${but} || (k in ${old} && ${map}[k] == ${old}[k])) && ${old}.all(k, k in ${but} || k in ${map})`;
}
