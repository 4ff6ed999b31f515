/** Every code of an error with one line on it. A code keeps its meaning and is never used again for another. */
export const specErrorCodes = {
  SPEC_TYPE_INVALID: 'A field has the wrong JSON type, such as text where an object belongs.',
  SPEC_ANNOTATION_TOO_LONG: 'An annotation of ours is longer than any sensible value of it.',
  SPEC_MODE_UNSUPPORTED: 'The annotation auto-management/bitfusion is none of all, injection and none.',
  SPEC_CLIENT_UNSUPPORTED: 'The catalog has no Bitfusion client for this os, or not in this version.',
  SPEC_CLIENT_VERSION_REQUIRED: 'No packaged client exists for this os, so the version must be named.',
  SPEC_FILTER_INVALID: 'An item of bitfusion-client/filter is not of the form key=value.',
  SPEC_FILTER_CLIENT_TOO_OLD: 'Filters need a Bitfusion client of version 4.0 or later.',
  SPEC_HOME_INVALID: 'bitfusion-client/home is not an absolute path at which a directory can be mounted.',
  SPEC_HOME_TOO_LONG: 'bitfusion-client/home is longer than a path may be.',
  SPEC_CONTAINERS_FORBIDDEN: 'bitfusion-client/containers has a meaning in mode injection only.',
  SPEC_CONTAINER_UNKNOWN: 'bitfusion-client/containers names a container that the pod does not have.',
  SPEC_CONTAINER_NAME_REQUIRED: 'A container that is to get the Bitfusion client has no name.',
  SPEC_RESOURCE_UNKNOWN: 'A resource name of the domain bitfusion.io is not one that can be asked for.',
  SPEC_RESOURCE_NOT_INTEGER: 'The number of GPUs and the percentage of a GPU are whole numbers.',
  SPEC_LIMIT_REQUIRED: 'A GPU resource is in requests but not in limits.',
  SPEC_REQUEST_DIFFERS: 'A GPU resource has a request that is not equal to its limit.',
  SPEC_AMOUNT_REQUIRED: 'A share of a GPU is asked for without the number of GPUs.',
  SPEC_AMOUNT_TWICE: 'The number of GPUs is given under both of its names.',
  SPEC_SHARE_TWICE: 'The share of a GPU is given both in percent and as memory.',
  SPEC_UNITS_FORBIDDEN: 'bitfusion.io/gpu is set beside the resources that it is reckoned from.',
  SPEC_WINDOWS_FORBIDDEN: 'A Windows pod asks for GPUs; the Bitfusion client runs on Linux only.',
  SPEC_HOME_CONTRADICTS: 'The variable HOME and bitfusion-client/home name different directories.',
  SPEC_POD_LEVEL_FORBIDDEN: 'GPUs are asked for in the resources of the pod instead of a container.',
  SPEC_NOT_RENDERED: 'A value still has the braces of a Helm template that was not rendered.',
  MUTATION_SHAPE:
    'A field that the mutation has to read is missing or not of the type that Kubernetes gives it.',
  ADMISSION_POD_TOO_LARGE: 'The pod has more containers that ask for GPUs than could be stored.',
} as const;

export type SpecErrorCode = keyof typeof specErrorCodes;

/** Every code of a warning with one line on it. */
export const specWarningCodes = {
  SPEC_NOT_MANAGED: 'The pod asks for GPUs, but its mode is none, so that nothing serves them.',
  SPEC_HOME_UNKNOWN:
    'A container does not run as root and bitfusion-client/home does not say where its home is.',
  SPEC_MEMORY_BELOW_1MB: 'bitfusion.io/gpu-memory is below 1 MB: a number without a suffix is bytes.',
  SPEC_ANNOTATION_UNKNOWN: 'An annotation looks like one of ours, but nothing reads it.',
  SPEC_ANNOTATION_MISPLACED: 'One of our annotations stands where nothing reads it.',
  SPEC_NODE_GPU: 'The pod takes a GPU of its node beside those of the pool.',
  SPEC_ARCHITECTURE_UNSUPPORTED:
    'The pod runs only on nodes for whose processors the client package is not made.',
  SPEC_STORAGE_SMALL: 'The limits of ephemeral-storage may be too small for the client package.',
} as const;

export type SpecWarningCode = keyof typeof specWarningCodes;
