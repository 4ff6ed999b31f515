import { describe, expect, it } from 'vitest';

import { rbacObjects } from '../src/kubernetes-objects/rbac.ts';
import { webhookConfigurations } from '../src/kubernetes-objects/webhook-configurations.ts';

const service = { kind: 'service' } as const;

describe('webhook configurations', () => {
  it('from 1.28 on: only pods that have to do with Bitfusion are sent, and the webhook has to answer', () => {
    const { mutating, validating } = webhookConfigurations({
      address: service,
      caBundle: 'PEM',
      hasMatchConditions: true,
    });
    expect(mutating).toMatchInlineSnapshot(`
      {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {
          "name": "bwki-webhook-cfg",
        },
        "webhooks": [
          {
            "admissionReviewVersions": [
              "v1",
              "v1beta1",
            ],
            "clientConfig": {
              "caBundle": "UEVN",
              "service": {
                "name": "bwki-webhook-svc",
                "namespace": "bwki",
                "path": "/mutate",
                "port": 443,
              },
            },
            "failurePolicy": "Fail",
            "matchConditions": [
              {
                "expression": "(has(object.metadata.annotations) && 'auto-management/bitfusion' in object.metadata.annotations) || (has(object.spec.containers) && object.spec.containers.exists(c, (has(c.resources) && ((has(c.resources.limits) && c.resources.limits.exists(r, r.startsWith('bitfusion.io/'))) || (has(c.resources.requests) && c.resources.requests.exists(r, r.startsWith('bitfusion.io/'))))))) || (has(object.spec.initContainers) && object.spec.initContainers.exists(c, (has(c.resources) && ((has(c.resources.limits) && c.resources.limits.exists(r, r.startsWith('bitfusion.io/'))) || (has(c.resources.requests) && c.resources.requests.exists(r, r.startsWith('bitfusion.io/')))))))",
                "name": "asks-for-bitfusion",
              },
            ],
            "matchPolicy": "Equivalent",
            "name": "mutation.bitfusion.io",
            "namespaceSelector": {
              "matchExpressions": [
                {
                  "key": "kubernetes.io/metadata.name",
                  "operator": "NotIn",
                  "values": [
                    "bwki",
                  ],
                },
              ],
            },
            "reinvocationPolicy": "IfNeeded",
            "rules": [
              {
                "apiGroups": [
                  "",
                ],
                "apiVersions": [
                  "v1",
                ],
                "operations": [
                  "CREATE",
                ],
                "resources": [
                  "pods",
                ],
                "scope": "Namespaced",
              },
            ],
            "sideEffects": "NoneOnDryRun",
            "timeoutSeconds": 10,
          },
        ],
      }
    `);
    expect(validating).toMatchInlineSnapshot(`
      {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {
          "name": "validation.bitfusion.io-cfg",
        },
        "webhooks": [
          {
            "admissionReviewVersions": [
              "v1",
              "v1beta1",
            ],
            "clientConfig": {
              "caBundle": "UEVN",
              "service": {
                "name": "bwki-webhook-svc",
                "namespace": "bwki",
                "path": "/validate",
                "port": 443,
              },
            },
            "failurePolicy": "Fail",
            "matchConditions": [
              {
                "expression": "(has(object.metadata.annotations) && 'auto-management/bitfusion' in object.metadata.annotations) || (has(object.spec.containers) && object.spec.containers.exists(c, (has(c.resources) && ((has(c.resources.limits) && c.resources.limits.exists(r, r.startsWith('bitfusion.io/'))) || (has(c.resources.requests) && c.resources.requests.exists(r, r.startsWith('bitfusion.io/'))))))) || (has(object.spec.initContainers) && object.spec.initContainers.exists(c, (has(c.resources) && ((has(c.resources.limits) && c.resources.limits.exists(r, r.startsWith('bitfusion.io/'))) || (has(c.resources.requests) && c.resources.requests.exists(r, r.startsWith('bitfusion.io/')))))))",
                "name": "asks-for-bitfusion",
              },
            ],
            "matchPolicy": "Equivalent",
            "name": "validation.bitfusion.io",
            "namespaceSelector": {
              "matchExpressions": [
                {
                  "key": "kubernetes.io/metadata.name",
                  "operator": "NotIn",
                  "values": [
                    "bwki",
                  ],
                },
              ],
            },
            "rules": [
              {
                "apiGroups": [
                  "",
                ],
                "apiVersions": [
                  "v1",
                ],
                "operations": [
                  "CREATE",
                ],
                "resources": [
                  "pods",
                ],
                "scope": "Namespaced",
              },
              {
                "apiGroups": [
                  "",
                ],
                "apiVersions": [
                  "v1",
                ],
                "operations": [
                  "UPDATE",
                ],
                "resources": [
                  "pods/ephemeralcontainers",
                ],
                "scope": "Namespaced",
              },
            ],
            "sideEffects": "None",
            "timeoutSeconds": 10,
          },
        ],
      }
    `);
  });

  it('before: all pods are sent, and pass while the webhook is away', () => {
    const { mutating, validating } = webhookConfigurations({ address: service, hasMatchConditions: false });
    for (const { webhooks = [] } of [mutating, validating]) {
      expect(
        webhooks.map(({ failurePolicy, ...rest }) => [failurePolicy, 'matchConditions' in rest]),
      ).toEqual([['Ignore', false]]);
    }
  });

  it('an address of its own stands in the place of the service', () => {
    const address = { kind: 'url', url: 'https://127.0.0.1:8443' } as const;
    const { mutating } = webhookConfigurations({ address, hasMatchConditions: true });
    expect(mutating.webhooks?.[0]?.clientConfig).toEqual({ url: 'https://127.0.0.1:8443/mutate' });
  });
});

describe('B58: rights', () => {
  const all = rbacObjects({ tokenSecrets: ['a', 'b', 'a'], ownCertificates: true, resourceOffers: true });

  it('B58: nothing is granted without a name, but what RBAC cannot narrow', () => {
    const broad = [...(all.clusterRole.rules ?? []), ...(all.role.rules ?? [])].filter(
      ({ resourceNames = [] }) => resourceNames.length === 0,
    );
    expect(broad.map(({ resources, verbs }) => [resources, verbs])).toEqual([
      [['secrets'], ['create']],
      [['nodes'], ['list', 'watch']],
      [['namespaces'], ['get', 'list', 'watch']],
      [['secrets'], ['create']],
      [['events'], ['create']],
    ]);
    expect(JSON.stringify(all)).not.toMatch(/"\*"|cluster-admin/);
  });

  it('B58: what is switched off is not granted', () => {
    const none = rbacObjects({ tokenSecrets: [], ownCertificates: false, resourceOffers: false });
    const namespaces = { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] };
    expect([none.clusterRole.rules, none.role.rules]).toEqual([[namespaces], []]);
  });

  it('B58: both bindings bind the one account to its own roles', () => {
    const { serviceAccount, clusterRoleBinding, roleBinding } = all;
    const { name, namespace } = serviceAccount.metadata ?? {};
    for (const { subjects, roleRef } of [clusterRoleBinding, roleBinding]) {
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name, namespace }]);
      expect(roleRef.name).toBe(name);
    }
    expect(clusterRoleBinding.roleRef.kind).toBe('ClusterRole');
    expect(roleBinding.roleRef.kind).toBe('Role');
    expect(all.clusterRole.rules?.[0]?.resourceNames).toEqual(['a', 'b']);
  });
});
