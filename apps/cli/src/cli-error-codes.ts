/** Every code that the command line adds to those of the libraries, with one line on it. Never given another meaning. */
export const cliErrorCodes = {
  INPUT_UNREADABLE: 'A file cannot be read: it does not exist, is a directory, or may not be read.',
  INPUT_NOT_UTF8: 'A file is not UTF-8 text.',
  INPUT_EMPTY: 'A file holds no object.',
  INPUT_NOT_AN_OBJECT: 'A document is a text, a number or a list where a Kubernetes object belongs.',
  YAML_SYNTAX: 'A document is neither YAML nor JSON.',
  YAML_TOO_DEEP: 'A document is nested deeper than any Kubernetes object.',
  YAML_REFERENCE: 'An alias or a merge key of a document has no value, or one too large to write out.',
  YAML_KEY: 'A key of a document is a map or a list.',
  JSON_NUMBER_INEXACT: 'A number would change when it is written as JSON.',
  CLI_OBJECT_UNREAD: 'An object asks for GPUs or has our annotations, but no pod is looked for in it.',
  CLIENT_IMAGE_MISSING: 'A pod is to be injected, and nothing names the image that carries the client.',
  CLUSTER_UNREADABLE: 'The policy of the installed webhook cannot be read from the cluster.',
  USAGE: 'The command line is at fault: an option, its value, or a missing one.',
} as const;

export type CliErrorCode = keyof typeof cliErrorCodes;
