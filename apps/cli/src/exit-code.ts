/** How `bwki` ends, as scripts see it. */
export const exitCodes = {
  /** Done. */
  success: 0,
  /** A manifest or a figure is at fault; what is wrong is on stderr. */
  badInput: 1,
  /** The call is at fault: options, arguments, environment or the file of `--config`. */
  badUsage: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
