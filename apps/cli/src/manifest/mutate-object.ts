import { err, ok, type Result } from '@bwki/plain-data';
import {
  mutatePod,
  mutatePodTemplate,
  type JsonPatchOperation,
  type Policy,
  type TemplateMutation,
} from '@bwki/pod-mutator';
import type { FieldError, Warning } from '@bwki/spec-parser';

import { isPod } from './pod-objects.ts';

/** The mutation of a pod, or of all templates of an object; paths and pointers start at the object. */
export interface ObjectMutation {
  readonly patch: readonly JsonPatchOperation[];
  readonly mutatedObject: () => object;
  readonly warnings: readonly Warning[];
  /** A pod is its own only one, with an empty path. */
  readonly templates: readonly TemplateMutation[];
}

export function mutateObject(object: object, policy: Policy): Result<ObjectMutation, readonly FieldError[]> {
  if (!isPod(object)) return mutatePodTemplate(object, policy);
  const mutation = mutatePod(object, policy);
  if (!mutation.ok) return err(mutation.error);
  const { patch, mutatedPod, warnings, units, containers } = mutation.value;
  return ok({
    patch,
    mutatedObject: mutatedPod,
    warnings,
    templates: [{ path: '', replicas: 1, pod: object, mutatedPod, units, containers }],
  });
}
