import { createLog } from '@bwki/daemon';
import type { TokenSecrets } from '@bwki/pod-mutator';
import type { Clock } from '@bwki/timing';

import { createMetrics } from '../../src/metrics.ts';
import type { LabelSelector } from '../../src/namespaces/label-selector.ts';
import { WatchedNamespaces } from '../../src/namespaces/watched-namespaces.ts';
import { CopyMarkKey } from '../../src/token/copy-mark-key.ts';
import { copyLabel, copyMarkAnnotation } from '../../src/token/copy-marks.ts';
import type { Secret } from '../../src/token/secret-api.ts';
import {
  startTokenCopyControllers,
  type RunningTokenCopies,
} from '../../src/token/token-copy-controllers.ts';
import { InMemoryNamespaces } from './in-memory-namespaces.ts';
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

/** As a copy of a version before the mark, and as a forged one. */
export const labelled = { labels: { [copyLabel.key]: copyLabel.value } } as const;

export const key: Buffer = Buffer.alloc(32, 7);

/** What makes the secret of a namespace a copy. */
export function ours(namespace = 'team', name = 'bitfusion-secret'): Partial<Secret['metadata']> {
  return { ...labelled, annotations: { [copyMarkAnnotation]: markKeyOf(key).markOf({ namespace, name }) } };
}

function markKeyOf(bytes: Buffer): CopyMarkKey {
  const markKey = new CopyMarkKey();
  markKey.set(bytes);
  return markKey;
}

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

/** Waits of more than 2 s last until the test says that the time has passed. */
export class SteppedClock extends ImpatientClock {
  readonly #sleepers = new Set<{ readonly end: number; readonly wake: (value: undefined) => void }>();

  override async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (milliseconds <= 2000) return super.sleep(milliseconds);
    this.waits.push(milliseconds);
    const { promise, resolve: wake } = Promise.withResolvers<undefined>();
    this.#sleepers.add({ end: this.now() + milliseconds, wake });
    signal?.addEventListener('abort', () => {
      wake(undefined);
    });
    return promise;
  }

  async pass(milliseconds: number): Promise<void> {
    await super.sleep(milliseconds);
    for (const sleeper of this.#sleepers) {
      if (sleeper.end > this.now()) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake(undefined);
    }
  }
}

export interface InMemory extends AsyncDisposable {
  readonly api: InMemorySecrets;
  readonly namespaces: InMemoryNamespaces;
  readonly markKey: CopyMarkKey;
  readonly copies: RunningTokenCopies;
  readonly clock: ImpatientClock;
  readonly watched: WatchedNamespaces;
  readonly log: readonly string[];
  ensure(namespace: string): ReturnType<RunningTokenCopies['ensure']>;
  /** How often each outcome was counted that was. */
  outcomes(): Promise<Readonly<Record<string, number>>>;
}

/** Token copies over an API in memory, which has the source `token('1')` unless other secrets are given. */
export function inMemory(
  secrets: readonly Secret[] = [secretIn('kube-system', token('1'))],
  options: {
    readonly api?: InMemorySecrets;
    readonly tokenSecrets?: () => TokenSecrets;
    readonly namespaceSelector?: LabelSelector;
    readonly clock?: ImpatientClock;
    /** Default: one that has its key. */
    readonly markKey?: CopyMarkKey;
  } = {},
): InMemory {
  const { api = new InMemorySecrets(), tokenSecrets = () => single } = options;
  const { namespaceSelector = {}, clock = new ImpatientClock() } = options;
  for (const secret of secrets) api.put(secret);
  const log: string[] = [];
  const metrics = createMetrics();
  const namespaces = new InMemoryNamespaces(namespaceSelector);
  for (const { metadata } of secrets) namespaces.put(metadata.namespace);
  const logger = createLog('debug', { write: (line) => void log.push(line) });
  const watched = new WatchedNamespaces({ api: namespaces, log: logger, clock });
  const markKey = options.markKey ?? markKeyOf(key);
  const copies = startTokenCopyControllers({
    api,
    namespaces: watched,
    markKey,
    parallel: 16,
    tokenSecrets,
    sourceNamespace: 'kube-system',
    log: logger,
    metrics,
    clock,
  });
  return {
    api,
    namespaces,
    watched,
    markKey,
    copies,
    clock,
    log,
    ensure: (namespace) => copies.ensure(namespace, AbortSignal.timeout(5000)),
    async outcomes() {
      const { values } = await metrics.secretSyncs.get();
      const counted = values.filter(({ value }) => value > 0);
      return Object.fromEntries(counted.map(({ labels, value }) => [String(labels.outcome), value]));
    },
    async [Symbol.asyncDispose]() {
      await copies[Symbol.asyncDispose]();
      await watched[Symbol.asyncDispose]();
    },
  };
}
