/** What each code of this package means. Codes are never reused; `docs/errors.md` explains each. */
export const mutationErrorCodes = {
  MUTATION_COMMAND_MISSING: 'The container names no command and its image could not be asked for one.',
  MUTATION_COMMAND_EMPTY: 'The command is blank, or neither the container nor its image says what to run.',
  MUTATION_SHELL_ARGS: 'The command is shell text after which its args cannot follow.',
  MUTATION_RUN_EXCEEDS_REQUEST: 'The command runs the client with more GPU than the resources ask for.',
  MUTATION_RUN_DIFFERS:
    'The command runs the client by the path of the launcher, but not with what the resources ask for.',
  MUTATION_HOME_READ_ONLY: 'The home directory lies in a directory that the mutation mounts read-only.',
  MUTATION_CLIENT_CHANGED: 'The pod was mutated for another client than its annotations choose now.',
  MUTATION_VOLUME_TAKEN: 'A volume has a name that the mutation needs.',
  MUTATION_CONTAINER_NAME_TAKEN: 'A container has the name of the populating step.',
  MUTATION_ENV_TAKEN: 'A variable of the container has a name that the mutation sets to something else.',
  MUTATION_MOUNT_PATH_TAKEN: 'Something else is mounted where the client looks for its files.',
  MUTATION_MOUNT_BELOW_READ_ONLY:
    'Something is mounted below a directory that the mutation mounts read-only.',
  MUTATION_MOUNT_ABOVE_READ_ONLY: 'The client is mounted in a directory that the container mounts read-only.',
  MUTATION_MOUNT_ABOVE_FILES:
    'A file of the client is mounted in a volume in which the kubelet makes directories only.',
  VALIDATION_UNITS_BY_HAND: 'The container has units of bitfusion.io/gpu that no mutation gave it.',
  VALIDATION_UNITS_DIFFER: 'The units of a mutated container are not those that its request gives.',
  VALIDATION_UNITS_MISSING: 'A mutated container has the variables of a GPU request, but no units.',
  VALIDATION_VARIABLE_DIFFERS: 'A variable of a mutated container is not as the mutation set it.',
  POLICY_INVALID: 'A setting of the policy is not allowed.',
  TEMPLATE_KIND_UNSUPPORTED: 'The object is of a kind whose pods cannot be found.',
} as const;

export type MutationErrorCode = keyof typeof mutationErrorCodes;

/** What each warning of this package means. */
export const mutationWarningCodes = {
  MUTATION_RUN_UNREADABLE: 'The command runs the client in a way whose size cannot be read beforehand.',
  MUTATION_LIBRARY_PATH_SET: "LD_LIBRARY_PATH was set in the pod, which hides the image's own value.",
} as const;

export type MutationWarningCode = keyof typeof mutationWarningCodes;
