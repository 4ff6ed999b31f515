import { err, ok, type Result } from '@bwki/plain-data';

import { healthArgv, listGpusArgv } from '../command-line/pool-argv.ts';
import type { ClientFailure } from '../output/client-failure.ts';
import { type HealthReport, parseHealth } from '../output/health-report.ts';
import { type GpuList, parseListGpus } from '../output/list-gpus.ts';
import type { ClientOutput } from './bounded-output.ts';
import { runClient, type RunClientFault, type RunClientOptions } from './run-client.ts';

/** As for {@link runClient}, without the argv. */
export type AskOptions = Omit<RunClientOptions, 'argv'>;

/** Why there is no answer. */
export type AskFault =
  | RunClientFault
  /** The client said why it gave up, whatever its exit code. */
  | ({ readonly kind: 'failure'; readonly failure: ClientFailure } & ClientOutput)
  /** It ended well and printed something else. */
  | ({ readonly kind: 'unreadable' } & ClientOutput);

/** Runs `list_gpus` and reads the answer. A pool without servers is an answer only if nothing was printed. */
export function listGpus(options: AskOptions): Promise<Result<GpuList, AskFault>> {
  return ask(options, listGpusArgv(options.binary), parseListGpus, ({ servers }, { code, stdout }) => {
    return code === 0 && (servers.length > 0 || stdout.trim() === '');
  });
}

/** Runs `health` and reads the report; one that finds faults is an answer, whatever the client's exit code. */
export function health(options: AskOptions): Promise<Result<HealthReport, AskFault>> {
  return ask(options, healthArgv(options.binary), parseHealth, ({ machines }) => machines.length > 0);
}

interface Ended extends ClientOutput {
  readonly code: number;
}

/** The log may be on either output, the answer itself is on standard output. */
async function ask<T extends { readonly failure: ClientFailure | undefined }>(
  options: AskOptions,
  [binary = '', ...argv]: readonly string[],
  parse: (text: string) => T,
  isAnswer: (answer: T, ended: Ended) => boolean,
): Promise<Result<T, AskFault>> {
  const ran = await runClient({ ...options, binary, argv });
  const ended = ran.ok ? { kind: 'exit' as const, code: 0, ...ran.value } : ran.error;
  if (ended.kind !== 'exit') return err(ended);
  const { code, stdout, stderr } = ended;
  const value = parse(stdout);
  const failure = value.failure ?? parse(stderr).failure;
  if (failure !== undefined) return err({ kind: 'failure', failure, stdout, stderr });
  if (isAnswer(value, ended)) return ok(value);
  return err(code === 0 ? { kind: 'unreadable', stdout, stderr } : ended);
}
