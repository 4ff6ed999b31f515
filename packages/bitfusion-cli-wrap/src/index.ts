export { type ArgumentsFault, argumentsFault } from './command-line/arguments-fault.ts';
export { type ClientCall, readRunArgv } from './command-line/client-call.ts';
export { type ClientUse, type CommandLine, readClientUse } from './command-line/client-use.ts';
export { runArgv, type RunRequest } from './command-line/run-argv.ts';
export type { RunFlags } from './command-line/run-flags.ts';
export { isShellText, trimBlanks } from './command-line/shell-text.ts';
export type { Word } from './command-line/word.ts';
