import { isTemplateKind, mutatePod, mutatePodTemplate } from '@bwki/pod-mutator';

import type { ApiObject } from '../../harness/index.ts';
import type { Manifest } from './manifests.ts';

/** A pod before and after the mutation. */
export interface MutatedPod {
  readonly name: string;
  readonly before: ApiObject;
  readonly after: ApiObject;
  readonly manifest: Manifest;
}

/** The pods of a manifest that the mutation changes: the pod itself or those of an object's templates. */
export function mutatedPods(manifest: Manifest): readonly MutatedPod[] {
  const { name, object, policy, imageConfigs } = manifest;
  if (object.kind === 'Pod') {
    const outcome = mutatePod(object, policy, { imageConfigs });
    if (!outcome.ok || outcome.value.patch.length === 0) return [];
    return [{ name, before: object, after: outcome.value.mutatedPod(), manifest }];
  }
  if (!isTemplateKind(object)) return [];
  const outcome = mutatePodTemplate(object, policy, { imageConfigs });
  if (!outcome.ok || outcome.value.patch.length === 0) return [];
  return outcome.value.templates.map(({ path, pod, mutatedPod }) => ({
    name: `${name} ${path}`,
    before: asPod(object, pod),
    after: asPod(object, mutatedPod()),
    manifest,
  }));
}

/** As the controllers do: the template's metadata and spec, and the volumes of a StatefulSet's claims. */
function asPod(owner: ApiObject, template: object): ApiObject {
  const { metadata, spec } = template as Partial<ApiObject>;
  const { volumes = [], ...others } = spec as { readonly volumes?: readonly object[] };
  const { volumeClaimTemplates = [] } = owner['spec'] as {
    readonly volumeClaimTemplates?: readonly ApiObject[];
  };
  const claims = volumeClaimTemplates.map(({ metadata: { name = '' } }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-of-pod` },
  }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'of-template-', ...metadata },
    spec: { ...others, volumes: [...volumes, ...claims] },
  };
}
