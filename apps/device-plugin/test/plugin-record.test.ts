import { createLog } from '@bwki/daemon';
import { DevicePluginError, type PluginEvent } from '@bwki/kubelet-dp';
import { describe, expect, it } from 'vitest';

import { createMetrics } from '../src/index.ts';
import { pluginRecord, type PluginRecord } from '../src/plugin-record.ts';

interface Recorded {
  readonly record: PluginRecord;
  /** Each line without its time. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  /** The samples of a metric as they are printed. */
  readonly metric: (name: string) => Promise<readonly string[]>;
}

const answeredAt = new Date('2026-01-02T03:04:05.500Z');

function recording(): Recorded {
  const metrics = createMetrics();
  const written: string[] = [];
  const log = createLog('debug', { write: (line) => written.push(line) });
  return {
    record: pluginRecord(log, metrics, () => answeredAt),
    lines: () =>
      written.map((line) => {
        const { time, ...facts } = JSON.parse(line) as Record<string, unknown>;
        expect(time).toBeDefined();
        return facts;
      }),
    metric: async (name) =>
      (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith(name)),
  };
}

const error = new DevicePluginError('DEVICE_REGISTER_FAILED', 'the kubelet says no');
const socketPath = '/run/x.sock';

describe('B67: what is written down', () => {
  it.each<[PluginEvent, number]>([
    [{ kind: 'register-failed', error, retryInMs: 250 }, 0],
    [{ kind: 'kubelet-missing', socketPath }, 0],
    [{ kind: 'kubelet-restarted' }, 0],
    [{ kind: 'socket-lost', socketPath }, 0],
    [{ kind: 'dropped', retryInMs: 250 }, 0],
    [{ kind: 'stopped' }, 0],
    // The kubelet still reads its list, and /healthz is still 200.
    [{ kind: 'superseded', socketPath }, 1],
    [{ kind: 'stream-ended', stream: 1, endedBy: 'kubelet' }, 1],
    [{ kind: 'list-refused', error }, 1],
  ])('B67: after $kind the plugin is registered, or not', async (event, registered) => {
    const { record, metric } = recording();
    record.event({ kind: 'registered', generation: 1, socketPath });
    expect(await metric('bwki_plugin_registered')).toEqual(['bwki_plugin_registered 1']);
    record.event(event);
    expect(await metric('bwki_plugin_registered')).toEqual([`bwki_plugin_registered ${registered}`]);
  });

  it('B67: outcomes are there before the first of each, so that it is an increase', async () => {
    const { metric } = recording();
    for (const name of ['bwki_plugin_registrations_total', 'bwki_plugin_allocations_total']) {
      expect((await metric(name)).map((line) => line.split(' ')[1])).toEqual(['0', '0']);
    }
  });

  it('B67: registrations, restarts and allocations are counted by how they ended', async () => {
    const { record, metric } = recording();
    record.event({ kind: 'register-failed', error, retryInMs: 250 });
    record.event({ kind: 'registered', generation: 2, socketPath });
    record.event({ kind: 'kubelet-restarted' });
    record.event({ kind: 'registered', generation: 3, socketPath });
    record.event({ kind: 'allocated', containers: 1, deviceIds: ['unit-1', 'unit-2'] });
    record.event({ kind: 'allocate-failed', deviceIds: ['unit-9'], error });
    expect(await metric('bwki_plugin_')).toEqual([
      'bwki_plugin_registered 1',
      'bwki_plugin_list_refused 0',
      'bwki_plugin_registrations_total{outcome="registered"} 2',
      'bwki_plugin_registrations_total{outcome="refused"} 1',
      'bwki_plugin_kubelet_restarts_total 1',
      'bwki_plugin_allocations_total{outcome="allocated"} 1',
      'bwki_plugin_allocations_total{outcome="refused"} 1',
      'bwki_plugin_allocated_units_total 2',
    ]);
  });

  it('B67: a line has the code and the reason of an error, and ids as ranges', () => {
    const { record, lines } = recording();
    record.event({ kind: 'register-failed', error, retryInMs: 250 });
    record.event({ kind: 'allocate-failed', deviceIds: ['unit-3', 'unit-1', 'unit-2'], error });
    const said = { code: 'DEVICE_REGISTER_FAILED', reason: 'the kubelet says no' };
    expect(lines()).toEqual([
      { level: 'error', retryInMs: 250, ...said, msg: 'register-failed' },
      { level: 'warn', ...said, units: 3, ids: 'unit-1..unit-3', msg: 'allocate-failed' },
    ]);
  });

  it('B67: units are of one state, and each change of them is a line', async () => {
    const { record, lines, metric } = recording();
    record.capacity({ units: 300, isReachable: true });
    record.event({ kind: 'list-accepted', devices: 300, healthy: 300, bytes: 9000 });
    expect(await metric('bwki_units')).toEqual([
      'bwki_units{state="healthy"} 300',
      'bwki_units{state="unhealthy"} 0',
    ]);
    record.capacity({ units: 300, isReachable: false });
    record.event({ kind: 'list-accepted', devices: 300, healthy: 0, bytes: 9000 });
    expect(await metric('bwki_units')).toEqual([
      'bwki_units{state="healthy"} 0',
      'bwki_units{state="unhealthy"} 300',
    ]);
    expect(lines().filter(({ msg }) => msg === 'capacity')).toEqual([
      { level: 'info', units: 300, reachable: true, msg: 'capacity' },
      { level: 'info', units: 300, reachable: false, msg: 'capacity' },
    ]);
  });

  it('B67: a list that is refused is a state, which lasts until one is accepted; the units stay those of the last one', async () => {
    const { record, metric } = recording();
    const refused = async (): Promise<unknown> => metric('bwki_plugin_list_refused');
    expect(await refused()).toEqual(['bwki_plugin_list_refused 0']);
    record.event({ kind: 'list-accepted', devices: 300, healthy: 300, bytes: 9000 });
    record.capacity({ units: 200_000, isReachable: true });
    record.event({ kind: 'list-refused', error });
    record.event({ kind: 'registered', generation: 2, socketPath });
    expect(await refused()).toEqual(['bwki_plugin_list_refused 1']);
    expect(await metric('bwki_units')).toContain('bwki_units{state="healthy"} 300');
    record.event({ kind: 'list-accepted', devices: 100, healthy: 100, bytes: 3000 });
    expect(await refused()).toEqual(['bwki_plugin_list_refused 0']);
    expect(await metric('bwki_units')).toContain('bwki_units{state="healthy"} 100');
  });

  it('B67: answers of the pool are counted; an outage is a line for each reason, and again when it comes again', async () => {
    const { record, lines, metric } = recording();
    expect(await metric('bwki_pool_last')).toEqual(['bwki_pool_last_answer_timestamp_seconds 0']);
    for (const reason of ['no answer', 'no answer', 'token expired']) {
      record.poolAnswer({ kind: 'unreachable', reason });
    }
    expect(await metric('bwki_pool_last')).toEqual(['bwki_pool_last_answer_timestamp_seconds 0']);
    record.poolAnswer({ kind: 'gpus', gpus: 4 });
    record.poolAnswer({ kind: 'unreachable', reason: 'token expired' });
    expect(lines().map(({ level, reason }) => [level, reason])).toEqual([
      ['error', 'no answer'],
      ['error', 'token expired'],
      ['error', 'token expired'],
    ]);
    expect(await metric('bwki_pool_')).toEqual([
      'bwki_pool_requests_total{outcome="unreachable"} 4',
      'bwki_pool_requests_total{outcome="answered"} 1',
      'bwki_pool_last_answer_timestamp_seconds 1767323045.5',
    ]);
  });
});
