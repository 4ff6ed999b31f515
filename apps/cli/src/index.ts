export { cliErrorCodes, type CliErrorCode } from './cli-error-codes.ts';
export { exitCodes, type ExitCode } from './exit-code.ts';
export type { Io, Output } from './io.ts';
export { run } from './cli.ts';
