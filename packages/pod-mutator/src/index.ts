export {
  mutationErrorCodes,
  mutationWarningCodes,
  type MutationErrorCode,
  type MutationWarningCode,
} from './error-codes.ts';
export type { MemoryFlagUnit } from './plan/gpu-flags.ts';
export {
  resolveImageConfigs,
  type AbortSignalLike,
  type ImageConfig,
  type ImageConfigContext,
  type ImageConfigFault,
  type ImageConfigResolver,
  type ImageConfigs,
} from './policy/image-config.ts';
export type { JsonPatchOperation } from './render/json-patch.ts';
export type {
  EnvVar,
  KeyToPath,
  PopulateContainer,
  ResourceRequirements,
  SecretProjection,
  Volume,
  VolumeMount,
} from './kubernetes-objects.ts';
export { mutatePod, type MutationOutcome } from './mutate-pod.ts';
export {
  mutatePodTemplate,
  type TemplateMutation,
  type TemplateOutcome,
} from './templates/mutate-pod-template.ts';
export {
  isEmptyPlan,
  type CommandPlan,
  type ContainerPlan,
  type EnvChange,
  type MutationPlan,
  type PopulateChange,
  type ResourcePlan,
} from './plan/plan.ts';
export { planMutation, type MutateOptions, type PlannedMutation } from './plan/plan-mutation.ts';
export { createPolicy } from './policy/create-policy.ts';
export type { ImagePullPolicy, Policy, PolicyConfig, PolicyFault, TokenSecrets } from './policy/policy.ts';
export { isTemplateKind, type ObjectKind, type TemplatePath } from './templates/template-kinds.ts';
export type { TemplateOptions } from './templates/plan-templates.ts';
export { validatePodTemplate, type TemplateVerdict } from './templates/validate-pod-template.ts';
export { toJsonPatch, type PodPointers } from './render/to-json-patch.ts';
export { validatePod, type PodVerdict } from './validate/validate-pod.ts';
