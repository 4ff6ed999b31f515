export { type ArgumentsFault, argumentsFault } from './command-line/arguments-fault.ts';
export { type ClientCall, readRunArgv } from './command-line/client-call.ts';
export { type ClientUse, type CommandLine, readClientUse } from './command-line/client-use.ts';
export {
  clientArgv,
  healthArgv,
  listGpusArgv,
  type PoolRequest,
  releaseGpusArgv,
  requestGpusArgv,
} from './command-line/pool-argv.ts';
export { runArgv, type RunRequest } from './command-line/run-argv.ts';
export type { RunFlags } from './command-line/run-flags.ts';
export { isShellText, trimBlanks } from './command-line/shell-text.ts';
export { maxParsedText, TextBudget } from './command-line/text-budget.ts';
export type { Word } from './command-line/word.ts';
export {
  type ClientYaml,
  type ClientYamlFault,
  type ClientYamlPaths,
  parseClientYaml,
} from './files/client-yaml.ts';
export { SecretText } from './files/secret-text.ts';
export { formatServerAddress, parseServerAddress, type ServerAddress } from './files/server-address.ts';
export {
  type ConfiguredServer,
  formatServersConf,
  parseServersConf,
  type ServersConf,
  type ServersConfFault,
} from './files/servers-conf.ts';
export type { YamlFault } from './files/yaml-text.ts';
export type { ClientEvent, RunServer } from './output/client-event.ts';
export type { ClientFailure } from './output/client-failure.ts';
export type { ClientLine, LogRecord, TextLine } from './output/client-line.ts';
export type { HealthLine, Verdict } from './output/health-line.ts';
export {
  type HealthCategory,
  type HealthCheck,
  type HealthReport,
  type MachineHealth,
  parseHealth,
} from './output/health-report.ts';
export {
  type GpuList,
  type GpuListLine,
  parseListGpus,
  type PoolGpu,
  type PoolServer,
} from './output/list-gpus.ts';
export { parsePoolAnswer, type PoolAnswer } from './output/pool-answer.ts';
export { RunLogReader } from './output/run-log.ts';
export { type EventOf, parseRun, runReport, type RunReport } from './output/run-report.ts';
export { err, ok, type Result } from '@bwki/plain-data';
