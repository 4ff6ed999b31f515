export {
  mutationErrorCodes,
  mutationWarningCodes,
  type MutationErrorCode,
  type MutationWarningCode,
} from './error-codes.ts';
export type { MemoryFlagUnit } from './gpu-flags.ts';
export {
  resolveImageConfigs,
  type AbortSignalLike,
  type ImageConfig,
  type ImageConfigContext,
  type ImageConfigFault,
  type ImageConfigResolver,
  type ImageConfigs,
} from './image-config.ts';
export type { JsonPatchOperation } from './json-patch.ts';
export type {
  EnvVar,
  KeyToPath,
  PopulateContainer,
  ResourceRequirements,
  SecretProjection,
  Volume,
  VolumeMount,
} from './kubernetes-objects.ts';
export { mutatePod, type MutateOptions, type MutationOutcome } from './mutate-pod.ts';
export { mutatePodTemplate, type TemplateMutation, type TemplateOutcome } from './mutate-pod-template.ts';
export {
  isEmptyPlan,
  type CommandPlan,
  type ContainerPlan,
  type EnvChange,
  type MutationPlan,
  type PopulateChange,
  type ResourcePlan,
} from './plan.ts';
export { planMutation, type PlannedMutation, type PlanOptions } from './plan-mutation.ts';
export {
  createPolicy,
  type ImagePullPolicy,
  type Policy,
  type PolicyConfig,
  type PolicyFault,
  type TokenSecrets,
} from './policy.ts';
export { isTemplateKind } from './template-kinds.ts';
export { toJsonPatch, type PodPointers } from './to-json-patch.ts';
export { validatePod, type PodVerdict } from './validate-pod.ts';
