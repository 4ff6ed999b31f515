import type { Style } from '../terminal/style.ts';
import { table } from '../terminal/table.ts';
import type { NodeStep } from './try-device-plugin.ts';

/** The node's numbers, a line a step. Ends in a newline. */
export function devicePluginText(steps: readonly NodeStep[], style: Style): string {
  const heading = ['WHAT HAPPENS', 'CAPACITY', 'ALLOCATABLE', ''].map((text) => style('bold', text));
  const rows = steps.map(({ event, capacity, allocatable, note = '' }) => [
    event,
    String(capacity),
    String(allocatable),
    style('dim', note),
  ]);
  return `Units of bitfusion.io/gpu that a node shows, by the device plugin at a kubelet for tests:\n\n${table([heading, ...rows])}`;
}
