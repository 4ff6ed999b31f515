import type { ServiceAccount } from 'kubernetes-types/core/v1.js';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
} from 'kubernetes-types/rbac/v1.js';

import { copyMarkKeySecret } from '../token/copy-marks.ts';
import { names } from './names.ts';

/** What the webhook does in a cluster; each is a right of its own, so that what is switched off is not granted. */
export interface RbacSettings {
  /** Default `bwki`. */
  readonly namespace?: string | undefined;
  /** Names of the token secrets that it copies (B52); empty where the namespaces hold their own. */
  readonly tokenSecrets: readonly string[];
  /** Whether it makes its own certificates (B54); false where they come as files. */
  readonly ownCertificates: boolean;
  /** Whether it looks at what the nodes offer (B53). */
  readonly resourceOffers: boolean;
}

export interface RbacObjects {
  readonly serviceAccount: ServiceAccount;
  readonly clusterRole: ClusterRole;
  readonly clusterRoleBinding: ClusterRoleBinding;
  /** In the webhook's own namespace. */
  readonly role: Role;
  readonly roleBinding: RoleBinding;
}

const apiGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${apiGroup}/v1`;
const name = names.deployment;

/** The webhook's account and all that it may do (B58), narrowed by name wherever RBAC can. */
export function rbacObjects(settings: RbacSettings): RbacObjects {
  const { namespace = names.namespace } = settings;
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  return {
    serviceAccount: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    clusterRole: { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: clusterRules(settings) },
    clusterRoleBinding: {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name },
      roleRef: { apiGroup, kind: 'ClusterRole', name },
      subjects,
    },
    role: { apiVersion, kind: 'Role', metadata: { name, namespace }, rules: namespaceRules(settings) },
    roleBinding: {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup, kind: 'Role', name },
      subjects,
    },
  };
}

function clusterRules({ tokenSecrets, ownCertificates, resourceOffers }: RbacSettings): PolicyRule[] {
  return [
    ...(tokenSecrets.length > 0
      ? secretRules([...new Set(tokenSecrets)], ['get', 'list', 'watch', 'update'])
      : []),
    ...(ownCertificates
      ? [
          configurationRule('mutatingwebhookconfigurations', names.mutatingConfiguration),
          configurationRule('validatingwebhookconfigurations', names.validatingConfiguration),
        ]
      : []),
    ...(resourceOffers ? [{ apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] }] : []),
    // To know which of them are served.
    { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'list', 'watch'] },
  ];
}

function namespaceRules({ ownCertificates, tokenSecrets }: RbacSettings): PolicyRule[] {
  return [
    ...(ownCertificates ? secretRules([names.certificates], ['get', 'update']) : []),
    // To name whoever changes caBundle.
    ...(ownCertificates ? [{ apiGroups: [''], resources: ['events'], verbs: ['create'] }] : []),
    // The ClusterRole has the right to create it.
    ...(tokenSecrets.length > 0
      ? [{ apiGroups: [''], resources: ['secrets'], resourceNames: [copyMarkKeySecret.name], verbs: ['get'] }]
      : []),
  ];
}

/** List and watch pass with the field selector `metadata.name` alone; a create has no name yet to narrow it by. */
function secretRules(resourceNames: string[], verbs: string[]): PolicyRule[] {
  const secrets = { apiGroups: [''], resources: ['secrets'] };
  return [
    { ...secrets, resourceNames, verbs },
    { ...secrets, verbs: ['create'] },
  ];
}

/** To write `caBundle` in, and to see at once when somebody changes it. */
function configurationRule(resource: string, configuration: string): PolicyRule {
  return {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: [resource],
    resourceNames: [configuration],
    verbs: ['get', 'list', 'watch', 'patch'],
  };
}
