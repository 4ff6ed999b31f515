import { Quantity } from '@bwki/quota-calc';
import type { ContainerLike, PodLike, PodSpecLike } from '@bwki/spec-parser';

/**
 * What Kubernetes makes of a pod's resources, written after its documents and for tests only: "Pod Quality of Service
 * Classes" (https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/) and "Resource sharing within containers"
 * (https://kubernetes.io/docs/concepts/workloads/pods/init-containers/). Amounts are in 10^-9 units.
 */

type Amounts = ReadonlyMap<string, bigint>;

export interface PodResources {
  readonly qosClass: 'Guaranteed' | 'Burstable' | 'BestEffort';
  /** What the scheduler looks for on a node. */
  readonly requests: Readonly<Record<string, string>>;
}

export function podResources(pod: PodLike): PodResources {
  const spec = pod.spec ?? {};
  const requests = [...effectiveRequests(spec)].filter(([name]) => !name.startsWith('bitfusion.io/'));
  return {
    qosClass: qosClass(spec),
    requests: Object.fromEntries(
      requests.filter(([, amount]) => amount > 0n).map(([name, amount]) => [name, amount.toString()]),
    ),
  };
}

/** What a pod takes of the quota of `bitfusion.io/gpu`. */
export function effectiveUnits(pod: PodLike): bigint {
  return (effectiveRequests(pod.spec ?? {}).get('bitfusion.io/gpu') ?? 0n) / 1_000_000_000n;
}

function qosClass(spec: PodSpecLike): PodResources['qosClass'] {
  const owners = hasAmounts(spec.resources)
    ? [spec]
    : [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const amounts = owners.map((owner) => ({ limits: limitsOf(owner), requests: requestsOf(owner) }));
  const counted = ['cpu', 'memory'];
  const says = (list: Amounts): boolean => counted.some((name) => (list.get(name) ?? 0n) > 0n);
  if (!amounts.some(({ limits, requests }) => says(limits) || says(requests))) return 'BestEffort';
  const isGuaranteed = amounts.every(({ limits, requests }) =>
    counted.every((name) => (limits.get(name) ?? 0n) > 0n && limits.get(name) === requests.get(name)),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

function effectiveRequests(spec: PodSpecLike): Amounts {
  let sidecars: Amounts = new Map();
  let peak: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const running = combine(sidecars, requestsOf(container), (one, other) => one + other);
    peak = combine(peak, running, largest);
    if (container.restartPolicy === 'Always') sidecars = running;
  }
  const last = (spec.containers ?? []).reduce(
    (sum, container) => combine(sum, requestsOf(container), (one, other) => one + other),
    sidecars,
  );
  const ofContainers = combine(peak, last, largest);
  return new Map([...ofContainers, ...requestsOf(spec)]);
}

function combine(one: Amounts, other: Amounts, join: (left: bigint, right: bigint) => bigint): Amounts {
  const names = new Set([...one.keys(), ...other.keys()]);
  return new Map(Array.from(names, (name) => [name, join(one.get(name) ?? 0n, other.get(name) ?? 0n)]));
}

function largest(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

type Owner = Pick<ContainerLike, 'resources'>;

function hasAmounts(resources: Owner['resources']): boolean {
  return Object.keys({ ...resources?.limits, ...resources?.requests }).length > 0;
}

function limitsOf(owner: Owner): Amounts {
  return amountsOf(owner.resources?.limits);
}

/** The API server takes a limit for the request that is not there. */
function requestsOf(owner: Owner): Amounts {
  return new Map([...limitsOf(owner), ...amountsOf(owner.resources?.requests)]);
}

function amountsOf(list: Readonly<Record<string, unknown>> | null | undefined): Amounts {
  const amounts = new Map<string, bigint>();
  for (const [name, value] of Object.entries(list ?? {})) {
    const read = Quantity.fromJson(value);
    if (read.ok) amounts.set(name, read.value.nano());
  }
  return amounts;
}
