export { BatchedLines, type TextSink } from './batched-lines.ts';
export { closeServer } from './close-server.ts';
export { Closers } from './closers.ts';
export { type CommandLine, readCommandLine } from './command-line.ts';
export { type Health, healthServer } from './health-server.ts';
export { listen, type ListenOptions } from './listen.ts';
export { createLog, type Log, type LogLevel, logLevels } from './log.ts';
export { type Daemon, type DaemonProgram, type DaemonSurroundings, runDaemon } from './run-daemon.ts';
export { StartFault } from './start-fault.ts';
