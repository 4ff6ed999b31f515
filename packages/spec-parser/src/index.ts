export { annotations } from './annotations.ts';
export {
  defaultCatalog,
  type ClientCatalog,
  type ClientEntry,
  type PackagedClient,
  type PreinstalledClient,
} from './catalog.ts';
export { specErrorCodes, specWarningCodes, type SpecErrorCode, type SpecWarningCode } from './codes.ts';
export { formatFieldError, type FieldError, type FieldErrorType } from './field-error.ts';
export { FieldPath } from './field-path.ts';
export { parsePod, type ParseOptions } from './parse-pod.ts';
export type {
  ContainerLike,
  EnvFromSourceLike,
  EnvVarLike,
  KeyToPathLike,
  LocalObjectReferenceLike,
  ObjectMetaLike,
  PodLike,
  PodOsLike,
  PodSecurityContextLike,
  PodSpecLike,
  ProjectedVolumeLike,
  ResourceListLike,
  ResourceRequirementsLike,
  SecretProjectionLike,
  SecurityContextLike,
  VolumeLike,
  VolumeMountLike,
  VolumeProjectionLike,
} from './pod.ts';
export type { ContainerGpuRequest, ContainerRef, ParsedPod, PodGpuRequest } from './request.ts';
export { resources } from './resources.ts';
export { formatWarning, type Warning } from './warning.ts';
