import { randomBytes } from 'node:crypto';

import type { Log } from '@bwki/daemon';
import { err, ok, type Result } from '@bwki/plain-data';
import { Backoff, type Clock } from '@bwki/timing';

import { failureText } from '../cluster/api-failure.ts';
import { markKeyBytes, type CopyMarkKey } from './copy-mark-key.ts';
import { copyMarkKeySecret } from './copy-marks.ts';
import type { Secret, SecretApi } from './secret-api.ts';

export interface SyncMarkKeyOptions {
  readonly api: Pick<SecretApi, 'read' | 'create'>;
  /** The webhook's own, which holds the secret with the key. */
  readonly namespace: string;
  readonly markKey: CopyMarkKey;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const retries = { firstMs: 100, maxMs: 5000 };
/** Somebody may delete the secret while replicas run: one of them makes it again with the key that they have. */
const pollMs = 5 * 60_000;

/** Takes the key of the marks from its secret, which is made if there is none, and looks at it from time to time. */
export async function syncMarkKey(options: SyncMarkKeyOptions): Promise<void> {
  const { markKey, clock, log, signal, namespace } = options;
  const backoff = new Backoff(retries, clock);
  let reported: string | undefined;
  while (!signal.aborted) {
    const key = await readOrCreate(options);
    if (isAborted(signal)) return;
    if (key.ok) {
      markKey.set(key.value);
      backoff.reset();
      reported = undefined;
      await clock.sleep(pollMs, signal);
      continue;
    }
    if (key.error !== reported) {
      const secret = { secret: copyMarkKeySecret.name, namespace };
      log.warn({ ...secret, reason: key.error }, 'the key of the token copies cannot be had, tried again');
    }
    reported = key.error;
    await backoff.wait(signal);
  }
}

async function readOrCreate({
  api,
  namespace,
  markKey,
  signal,
}: SyncMarkKeyOptions): Promise<Result<Buffer, string>> {
  const { name } = copyMarkKeySecret;
  const read = await api.read(namespace, name, signal);
  if (!read.ok) return err(failureText(read.error));
  if (read.value !== undefined) return keyOf(read.value);
  const key = markKey.key ?? randomBytes(markKeyBytes);
  const secret = {
    metadata: { name, namespace },
    type: 'Opaque',
    data: { [copyMarkKeySecret.key]: key.toString('base64') },
  };
  const created = await api.create(secret, signal);
  if (created.ok) return ok(key);
  if (created.error.status !== 409) return err(failureText(created.error));
  // Another replica was faster.
  const theirs = await api.read(namespace, name, signal);
  if (!theirs.ok) return err(failureText(theirs.error));
  return theirs.value === undefined ? err('it was deleted') : keyOf(theirs.value);
}

function keyOf({ metadata: { name, namespace }, data = {} }: Secret): Result<Buffer, string> {
  const key = Buffer.from(data[copyMarkKeySecret.key] ?? '', 'base64');
  if (key.length === markKeyBytes) return ok(key);
  const has = `data.${copyMarkKeySecret.key} has ${key.length} bytes, not ${markKeyBytes}`;
  return err(`${has}: kubectl delete secret ${name} -n ${namespace}, and it is made again`);
}

/** A call, so that the compiler does not take the state before a wait for the one after it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
