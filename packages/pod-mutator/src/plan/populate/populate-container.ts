import { clientVolume, tokenVolume, type PodSpecLike } from '@bwki/spec-parser';

import type { PopulateContainer, ResourceRequirements } from '../../kubernetes-objects.ts';
import { populateCommand, populateTokenPath, populateVolumePath } from '../../layout.ts';
import type { ImagePullPolicy, Policy } from '../../policy/policy.ts';
import { userSecurityContext, type ContainerUser } from './populate-user.ts';

export interface PopulateStep {
  readonly name: string;
  readonly args: readonly string[];
  readonly resources: ResourceRequirements | undefined;
  readonly user: ContainerUser;
  readonly spec: PodSpecLike;
  readonly policy: Policy;
}

/** The init container of one populating step (B39); hardened as Pod Security `restricted` demands. */
export function populateContainer(step: PopulateStep): PopulateContainer {
  const { name, args, resources, user, spec, policy } = step;
  return {
    name,
    image: policy.clientImage,
    ...(policy.imagePullPolicy !== usualPullPolicy(policy.clientImage) && {
      imagePullPolicy: policy.imagePullPolicy,
    }),
    command: [populateCommand],
    args,
    ...(resources === undefined ? {} : { resources }),
    securityContext: {
      ...userSecurityContext(user, spec),
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [
      { name: clientVolume, mountPath: populateVolumePath },
      { name: tokenVolume, mountPath: populateTokenPath, readOnly: true },
    ],
  };
}

/** What Kubernetes sets where a container names none: the API server pays for every byte that is said twice (B43). */
function usualPullPolicy(image: string): ImagePullPolicy {
  const [reference = '', digest] = image.split('@');
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const tag = name.split(':')[1] ?? (digest === undefined ? 'latest' : '');
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}
