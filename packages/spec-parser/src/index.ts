export { annotations } from './annotations/annotations.ts';
export {
  defaultCatalog,
  type ClientCatalog,
  type ClientEntry,
  type PackagedClient,
  type PreinstalledClient,
} from './annotations/catalog.ts';
export {
  specErrorCodes,
  specWarningCodes,
  type SpecErrorCode,
  type SpecWarningCode,
} from './findings/codes.ts';
export { formatFieldError, type FieldError, type FieldErrorType } from './findings/field-error.ts';
export { FieldPath } from './findings/field-path.ts';
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
} from './pod/pod.ts';
export type { ContainerGpuRequest, ParsedPod, PodGpuRequest } from './pod/request.ts';
export { asksForGpu, resources } from './resources/resources.ts';
export type { ContainerResources } from './resources/container-resources.ts';
export type { PodContainer, PodReading } from './pod/read-pod.ts';
export {
  clientVolume,
  homeSubPath,
  isPopulateName,
  mountsVolume,
  populateName,
  tokenVolume,
} from './pod/injected.ts';
export { misplacedAnnotations } from './annotations/misspelt.ts';
export { formatWarning, type Warning } from './findings/warning.ts';
export { podUnits, unitsInPod, type PodUnitsOptions } from './pod/pod-units.ts';
export type { ContainerRef } from './pod/container-ref.ts';
