export { type AskFault, type AskOptions, health, listGpus } from './ask-client.ts';
export type { ClientOutput } from './bounded-output.ts';
export { type AskSettings, describeAskFault } from './describe-ask-fault.ts';
export { runClient, type RunClientFault, type RunClientOptions, type Spawn } from './run-client.ts';
