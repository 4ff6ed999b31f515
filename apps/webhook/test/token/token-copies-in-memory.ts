import { createLog } from '@bwki/daemon';
import type { TokenSecrets } from '@bwki/pod-mutator';
import type { Clock } from '@bwki/timing';

import { createMetrics } from '../../src/metrics.ts';
import { copyLabel } from '../../src/token/copy-marks.ts';
import { followTokenSecrets, type RunningTokenCopies } from '../../src/token/follow-token-secrets.ts';
import type { Secret } from '../../src/token/secret-api.ts';
import { InMemorySecrets } from './in-memory-secrets.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const token = (version: string): Readonly<Record<string, string>> => ({
  'ca.crt': base64(`ca ${version}`),
  'client.yaml': base64(`t0ken ${version}`),
  'servers.conf': base64(`servers ${version}`),
});

export const single: TokenSecrets = Object.freeze({
  'ca.crt': 'bitfusion-secret',
  'client.yaml': 'bitfusion-secret',
  'servers.conf': 'bitfusion-secret',
});

export function secretIn(
  namespace: string,
  data: Secret['data'],
  more: Partial<Secret['metadata']> = {},
): Secret {
  return {
    metadata: { name: 'bitfusion-secret', namespace, ...more },
    type: 'Opaque',
    ...(data === undefined ? {} : { data }),
  };
}

export const ours = { labels: { [copyLabel.key]: copyLabel.value } } as const;

/** Waits are over at once, and remembered; short ones of an outage would otherwise take the test's time. */
export class ImpatientClock implements Clock {
  readonly waits: number[] = [];
  #now = 0;

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.#now += milliseconds;
    await new Promise((resolve) => setImmediate(resolve));
  }

  random(): number {
    return 0;
  }
}

export interface InMemory extends AsyncDisposable {
  readonly api: InMemorySecrets;
  readonly copies: RunningTokenCopies;
  readonly clock: ImpatientClock;
  readonly log: readonly string[];
  ensure(namespace: string): ReturnType<RunningTokenCopies['ensure']>;
  /** How often each outcome was counted that was. */
  outcomes(): Promise<Readonly<Record<string, number>>>;
}

/** Token copies over an API in memory, which has the source `token('1')` unless other secrets are given. */
export function inMemory(
  secrets: readonly Secret[] = [secretIn('kube-system', token('1'))],
  options: { readonly api?: InMemorySecrets; readonly tokenSecrets?: () => TokenSecrets } = {},
): InMemory {
  const { api = new InMemorySecrets(), tokenSecrets = () => single } = options;
  for (const secret of secrets) api.put(secret);
  const log: string[] = [];
  const metrics = createMetrics();
  const clock = new ImpatientClock();
  const copies = followTokenSecrets({
    api,
    tokenSecrets,
    sourceNamespace: 'kube-system',
    log: createLog('debug', { write: (line) => void log.push(line) }),
    metrics,
    clock,
  });
  return {
    api,
    copies,
    clock,
    log,
    ensure: (namespace) => copies.ensure(namespace, AbortSignal.timeout(5000)),
    async outcomes() {
      const { values } = await metrics.secretSyncs.get();
      const counted = values.filter(({ value }) => value > 0);
      return Object.fromEntries(counted.map(({ labels, value }) => [String(labels.outcome), value]));
    },
    [Symbol.asyncDispose]: () => copies[Symbol.asyncDispose](),
  };
}
