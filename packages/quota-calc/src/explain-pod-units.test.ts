import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainPodUnits, type NamedPodUnits } from './explain-pod-units.ts';
import { podUnits } from './pod-units.ts';

const prepare = { name: 'prepare', units: 100n, sidecar: false };
const proxy = { name: 'proxy', units: 20n, sidecar: true };
const train = { name: 'train', units: 50n };
const log = { name: 'log', units: 10n };
const idle = { name: 'idle', units: 0n };

describe('B23: explainPodUnits', () => {
  it.each<[string, NamedPodUnits]>([
    ['0 units', { initContainers: [], containers: [idle] }],
    ['train 50 = 50 units', { initContainers: [], containers: [idle, train] }],
    ['train 50 + log 10 = 60 units', { initContainers: [], containers: [train, log] }],
    ['train 50 + proxy 20 = 70 units', { initContainers: [proxy], containers: [train] }],
    ['max(prepare 100, train 50) = 100 units', { initContainers: [prepare], containers: [train] }],
    [
      'max(prepare 100 + proxy 20, train 50 + log 10 + proxy 20) = 120 units',
      { initContainers: [proxy, prepare], containers: [train, log] },
    ],
    [
      'max(prepare 100, train 50 + proxy 20) = 100 units',
      { initContainers: [prepare, proxy], containers: [train, idle] },
    ],
    ['train 50 = 50 units', { initContainers: [{ ...prepare, units: 0n }], containers: [train] }],
    ['prepare 100 = 100 units', { initContainers: [prepare], containers: [idle] }],
  ])('B23: %s', (expected, pod) => {
    expect(explainPodUnits(pod)).toBe(expected);
  });

  it('B23: shows a sum that comes to what podUnits says', () => {
    const units = fc.bigInt({ min: 0n, max: 100n });
    const pods: fc.Arbitrary<NamedPodUnits> = fc.record({
      initContainers: fc.array(fc.record({ name: fc.constant('init'), units, sidecar: fc.boolean() }), {
        maxLength: 5,
      }),
      containers: fc.array(fc.record({ name: fc.constant('app'), units }), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(pods, (pod) => {
        const [sum = '', total] = explainPodUnits(pod).split(' = ');
        fc.pre(total !== undefined);
        const stages = sum.split(',').map((stage) => evaluate(stage));
        expect(`${Math.max(...stages)}`).toBe(`${podUnits(pod)}`);
      }),
    );
  });
});

/** The sum of all numbers in a text. */
function evaluate(stage: string): number {
  return Array.from(stage.matchAll(/\d+/g)).reduce((sum, [number]) => sum + Number(number), 0);
}
