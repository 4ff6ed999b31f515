import { counted } from './counted.ts';
import { podUnits, type ContainerUnits, type InitContainerUnits } from './pod-units.ts';

/** `PodUnits` whose containers are named. */
export interface NamedPodUnits {
  readonly initContainers: readonly (InitContainerUnits & Named)[];
  readonly containers: readonly (ContainerUnits & Named)[];
}

interface Named {
  readonly name: string;
}

type Term = ContainerUnits & Named;

/**
 * The sum behind `podUnits`, as a person would write it: `train 50 + log 10 = 60 units`, and where init containers
 * take units too, `max(prepare 100, train 50 + log 10) = 100 units`. Containers without units are left out, and so
 * is the start of a sidecar: it never needs more than what runs in the end.
 */
export function explainPodUnits(pod: NamedPodUnits): string {
  const stages: string[] = [];
  const sidecars: Term[] = [];
  for (const container of pod.initContainers) {
    if (container.units === 0n) continue;
    if (container.sidecar) sidecars.push(container);
    else stages.push(sumText([container, ...sidecars]));
  }
  const last = [...pod.containers.filter(({ units }) => units !== 0n), ...sidecars];
  if (last.length > 0) stages.push(sumText(last));

  const total = counted(podUnits(pod), 'unit');
  const [only] = stages;
  if (only === undefined) return total;
  return stages.length === 1 ? `${only} = ${total}` : `max(${stages.join(', ')}) = ${total}`;
}

function sumText(terms: readonly Term[]): string {
  return terms.map(({ name, units }) => `${name} ${units}`).join(' + ');
}
