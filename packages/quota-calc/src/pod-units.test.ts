import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { podUnits, type PodUnits } from './pod-units.ts';

const init = (units: bigint): { units: bigint; sidecar: boolean } => ({ units, sidecar: false });
const sidecar = (units: bigint): { units: bigint; sidecar: boolean } => ({ units, sidecar: true });
const container = (units: bigint): { units: bigint } => ({ units });

const amount = fc.bigInt({ min: 0n, max: 1000n });
const pods: fc.Arbitrary<PodUnits> = fc.record({
  initContainers: fc.array(fc.record({ units: amount, sidecar: fc.boolean() }), { maxLength: 6 }),
  containers: fc.array(fc.record({ units: amount }), { minLength: 1, maxLength: 4 }),
});

/** Starts the pod step by step and looks after each at everything that runs. */
function simulatedPeak(pod: PodUnits): bigint {
  const running = new Set<{ readonly units: bigint }>();
  const load = (): bigint => Array.from(running).reduce((sum, { units }) => sum + units, 0n);
  const loads: bigint[] = [];
  for (const step of pod.initContainers) {
    running.add(step);
    loads.push(load());
    if (!step.sidecar) running.delete(step);
  }
  for (const step of pod.containers) running.add(step);
  loads.push(load());
  return loads.reduce((most, each) => (each > most ? each : most));
}

describe('B22: podUnits', () => {
  it.each<[string, PodUnits, bigint]>([
    ['nothing', { initContainers: [], containers: [] }, 0n],
    ['the sum of the containers', { initContainers: [], containers: [container(50n), container(25n)] }, 75n],
    [
      'the largest init container',
      { initContainers: [init(100n), init(30n)], containers: [container(50n)] },
      100n,
    ],
    ['sidecars beside the containers', { initContainers: [sidecar(20n)], containers: [container(50n)] }, 70n],
    [
      'an init container beside the sidecars before it',
      { initContainers: [sidecar(20n), init(60n)], containers: [container(50n)] },
      80n,
    ],
    [
      'but not beside the sidecars after it',
      { initContainers: [init(60n), sidecar(20n)], containers: [container(30n)] },
      60n,
    ],
  ])('B22: %s', (_, pod, expected) => {
    expect(podUnits(pod)).toBe(expected);
  });

  it('B22: is the most that runs at once while the pod starts up', () => {
    fc.assert(
      fc.property(pods, (pod) => {
        expect(podUnits(pod)).toBe(simulatedPeak(pod));
      }),
    );
  });

  it('B22: never falls when an init container becomes a sidecar', () => {
    fc.assert(
      fc.property(pods, (pod) => {
        const initContainers = pod.initContainers.map((each) => ({ ...each, sidecar: true }));
        expect(podUnits({ ...pod, initContainers }) >= podUnits(pod)).toBe(true);
      }),
    );
  });
});
