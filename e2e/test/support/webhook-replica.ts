import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** How a replica of the webhook runs that makes its own certificates. */
export interface ReplicaSettings {
  readonly replica: string;
  readonly kubeconfig: string;
  /** How far its clock is ahead. */
  readonly aheadMs: number;
  readonly lifeMs: number;
  readonly leewayMs: number;
  readonly settleMs: number;
  readonly lookMs: number;
}

export interface WebhookReplica extends AsyncDisposable {
  readonly name: string;
  readonly port: number;
  /** JSON lines of its log, so far. */
  readonly log: () => string;
  setAhead(milliseconds: number): void;
  /** At once, with nothing said or finished. */
  kill(): Promise<void>;
}

const program = join(import.meta.dirname, '../programs/webhook-replica.ts');

/** Resolves when it serves; rejects when it ends before. Disposing ends it by TERM. */
export async function startReplica(settings: ReplicaSettings): Promise<WebhookReplica> {
  const child = fork(program, [JSON.stringify(settings)], {
    execArgv: ['--conditions=@bwki/source'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const chunks: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  const exited = once(child, 'exit');
  const port = await Promise.race([
    once(child, 'message').then(([message]) => message as number),
    exited.then(() => Promise.reject(new Error(`replica ${settings.replica} ended: ${chunks.join('')}`))),
  ]);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  return {
    name: settings.replica,
    port,
    log: () => chunks.join(''),
    setAhead: (milliseconds) => {
      child.send(milliseconds);
    },
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}
