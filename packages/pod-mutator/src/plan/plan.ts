import type { ContainerRef } from '@bwki/spec-parser';

import type {
  EnvVar,
  PopulateContainer,
  ResourceRequirements,
  Volume,
  VolumeMount,
} from '../kubernetes-objects.ts';

/**
 * What is to change in a pod, in Kubernetes' terms. It is rendered twice, by `toJsonPatch` for the API server and
 * by `applyPlan` for a caller that wants the pod; each list is empty where there is nothing to do.
 */
export interface MutationPlan {
  /** Annotations to set. */
  readonly annotations: readonly { readonly key: string; readonly value: string }[];
  /** Appended to `spec.volumes`. */
  readonly volumes: readonly Volume[];
  /** Appended to `spec.imagePullSecrets`. */
  readonly imagePullSecrets: readonly { readonly name: string }[];
  readonly populate: readonly PopulateChange[];
  readonly containers: readonly ContainerPlan[];
}

/**
 * The populating steps come in front of all other init containers: those that are there already in the order that
 * they have, then new ones.
 */
export type PopulateChange =
  | { readonly kind: 'insert'; readonly container: PopulateContainer }
  | {
      readonly kind: 'keep';
      /** Where it stands in the pod's `initContainers` now. */
      readonly index: number;
      /** Appended to its `args`, for containers that were added since. */
      readonly args: readonly string[];
      /** Set, name by name, in its `resources`. */
      readonly resources: ResourceRequirements | undefined;
    };

export interface ContainerPlan {
  readonly ref: ContainerRef;
  readonly command: CommandPlan | undefined;
  readonly env: readonly EnvChange[];
  /** Appended to `volumeMounts`. */
  readonly volumeMounts: readonly VolumeMount[];
  readonly resources: ResourcePlan | undefined;
}

export type CommandPlan =
  | {
      /** The command stays, with elements in front, its text reworded, and elements behind (B30, B31). */
      readonly kind: 'wrap';
      readonly prepend: readonly string[];
      readonly text: string | undefined;
      readonly append: readonly string[];
    }
  | {
      /** There was none: the image's own is written out (B34). `args` only where the pod has none. */
      readonly kind: 'set';
      readonly command: readonly string[];
      readonly args: readonly string[] | undefined;
    };

export type EnvChange =
  | { readonly kind: 'append'; readonly variable: EnvVar }
  | { readonly kind: 'value'; readonly index: number; readonly value: string }
  | {
      /** The variable at `index` gets another name, and the new one follows it, so that it can refer to it. */
      readonly kind: 'rename';
      readonly index: number;
      readonly name: string;
      readonly next: EnvVar;
    };

/** B38: what leaves limits and requests, and the units that enter both. */
export interface ResourcePlan {
  readonly limits: readonly string[];
  readonly requests: readonly string[];
  readonly units: string;
}

export function isEmptyPlan(plan: MutationPlan): boolean {
  return (
    plan.annotations.length === 0 &&
    plan.volumes.length === 0 &&
    plan.imagePullSecrets.length === 0 &&
    plan.containers.length === 0 &&
    plan.populate.every(
      (step, position) =>
        step.kind === 'keep' &&
        step.index === position &&
        step.args.length === 0 &&
        step.resources === undefined,
    )
  );
}
