import type { Log } from '@bwki/daemon';
import { foldIds, type PluginEvent } from '@bwki/kubelet-dp';

import type { Capacity } from './capacity/capacity.ts';
import type { PoolAnswer } from './capacity/pool.ts';
import type { Metrics } from './metrics.ts';

/** Writes down what happens: log lines of facts that no pod's name is in, and the metrics. */
export interface PluginRecord {
  event(event: PluginEvent): void;
  capacity(capacity: Capacity): void;
  poolAnswer(answer: PoolAnswer): void;
}

export function pluginRecord(log: Log, metrics: Metrics, now: () => Date): PluginRecord {
  let lastReason: string | undefined;
  return {
    event(event) {
      countEvent(event, metrics);
      logEvent(event, log);
    },
    capacity({ units, isReachable }) {
      log.info({ units, reachable: isReachable }, 'capacity');
    },
    poolAnswer(answer) {
      metrics.poolRequests.inc({ outcome: answer.kind === 'gpus' ? 'answered' : 'unreachable' });
      const reason = answer.kind === 'unreachable' ? answer.reason : undefined;
      if (answer.kind === 'gpus') metrics.poolAnswer.set(now().getTime() / 1000);
      // Once for each reason: an outage of an hour is one line, not hundreds.
      if (reason !== undefined && reason !== lastReason) log.error({ reason }, 'the pool cannot be reached');
      lastReason = reason;
    },
  };
}

/** Whether the kubelet knows the plugin after an event; other events leave it as it is. */
const registeredAfter: Partial<Record<PluginEvent['kind'], 0 | 1>> = {
  registered: 1,
  'register-failed': 0,
  'kubelet-missing': 0,
  'kubelet-restarted': 0,
  'socket-lost': 0,
  dropped: 0,
  stopped: 0,
};

function countEvent(event: PluginEvent, metrics: Metrics): void {
  const { kind } = event;
  const registered = registeredAfter[kind];
  if (registered !== undefined) metrics.registered.set(registered);
  if (kind === 'list-refused') metrics.listRefused.set(1);
  if (kind === 'list-accepted') {
    const { devices, healthy } = event;
    metrics.listRefused.set(0);
    metrics.units.set({ state: 'healthy' }, healthy);
    metrics.units.set({ state: 'unhealthy' }, devices - healthy);
  }
  if (kind === 'registered') metrics.registrations.inc({ outcome: 'registered' });
  if (kind === 'register-failed') metrics.registrations.inc({ outcome: 'refused' });
  if (kind === 'kubelet-restarted') metrics.kubeletRestarts.inc();
  if (kind === 'allocate-failed') metrics.allocations.inc({ outcome: 'refused' });
  if (kind === 'allocated') {
    metrics.allocations.inc({ outcome: 'allocated' });
    metrics.allocatedUnits.inc(event.deviceIds.length);
  }
}

/** What a person has to act on is an error; what passes by itself is a warning. */
const levels: Record<PluginEvent['kind'], 'debug' | 'info' | 'warn' | 'error'> = {
  listening: 'info',
  'listen-failed': 'error',
  'stale-socket-removed': 'info',
  'kubelet-missing': 'warn',
  registered: 'info',
  'register-failed': 'error',
  'kubelet-restarted': 'warn',
  'socket-lost': 'warn',
  dropped: 'warn',
  superseded: 'warn',
  'successor-gone': 'info',
  'connection-failed': 'warn',
  stopped: 'info',
  'stream-opened': 'debug',
  'stream-ended': 'debug',
  'list-accepted': 'debug',
  'list-sent': 'info',
  'list-refused': 'error',
  'devices-failed': 'error',
  allocated: 'info',
  'allocate-failed': 'warn',
  'preferred-failed': 'warn',
  'pre-started': 'debug',
  'pre-start-failed': 'warn',
};

function logEvent({ kind, ...facts }: PluginEvent, log: Log): void {
  const line: Record<string, unknown> = { ...facts };
  if ('error' in facts) {
    delete line['error'];
    line['code'] = 'code' in facts.error ? facts.error.code : facts.error.kind;
    line['reason'] = facts.error.message;
  }
  if ('deviceIds' in facts) {
    delete line['deviceIds'];
    line['units'] = facts.deviceIds.length;
    line['ids'] = foldIds(facts.deviceIds);
  }
  log[levels[kind]](line, kind);
}
