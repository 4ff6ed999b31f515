import { Counter, Gauge, Registry } from 'prom-client';

/** A unit that the kubelet may give out, or one of a pool that cannot be reached. */
export type UnitState = 'healthy' | 'unhealthy';

/** What the device plugin counts (B67). One for each plugin, so that two in a process do not add up. */
export interface Metrics {
  readonly registry: Registry;
  readonly units: Gauge<'state'>;
  readonly registered: Gauge;
  readonly listRefused: Gauge;
  readonly registrations: Counter<'outcome'>;
  readonly kubeletRestarts: Counter;
  readonly allocations: Counter<'outcome'>;
  readonly allocatedUnits: Counter;
  readonly poolRequests: Counter<'outcome'>;
  readonly poolAnswer: Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const metrics: Metrics = {
    registry,
    units: new Gauge({
      name: 'bwki_units',
      help: 'Units of the resource that this node offers, by state; 1 is 1 % of one GPU.',
      labelNames: ['state'],
      registers,
    }),
    registered: new Gauge({
      name: 'bwki_plugin_registered',
      help: '1 while the kubelet knows this plugin, else 0.',
      registers,
    }),
    listRefused: new Gauge({
      name: 'bwki_plugin_list_refused',
      help: '1 while the newest list of units cannot be sent to the kubelet, which keeps the one before; else 0.',
      registers,
    }),
    registrations: new Counter({
      name: 'bwki_plugin_registrations_total',
      help: 'Registrations with the kubelet, by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    kubeletRestarts: new Counter({
      name: 'bwki_plugin_kubelet_restarts_total',
      help: 'Restarts of the kubelet that were noticed.',
      registers,
    }),
    allocations: new Counter({
      name: 'bwki_plugin_allocations_total',
      help: 'Calls of the kubelet for the units of a container, by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    allocatedUnits: new Counter({
      name: 'bwki_plugin_allocated_units_total',
      help: 'Units that were given to containers; nobody says when they are free again.',
      registers,
    }),
    poolRequests: new Counter({
      name: 'bwki_pool_requests_total',
      help: 'Questions to the pool for its GPUs, by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
    poolAnswer: new Gauge({
      name: 'bwki_pool_last_answer_timestamp_seconds',
      help: 'When the pool answered last; 0 before the first answer.',
      registers,
    }),
  };
  beginAtZero(metrics);
  return metrics;
}

/** So that the first event of each outcome is an increase for Prometheus. */
function beginAtZero({ registrations, allocations }: Metrics): void {
  registrations.inc({ outcome: 'registered' }, 0);
  registrations.inc({ outcome: 'refused' }, 0);
  allocations.inc({ outcome: 'allocated' }, 0);
  allocations.inc({ outcome: 'refused' }, 0);
}
