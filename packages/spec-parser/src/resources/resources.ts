import { nearestName } from '../findings/nearest.ts';

/** The resources of a container that are read or written, by what they say (B6–B13). */
export const resources: {
  /** How many GPUs. */
  readonly amount: 'bitfusion.io/gpu-amount';
  /** The legacy name of `amount`. */
  readonly num: 'bitfusion.io/gpu-num';
  /** Percent of each GPU's memory. */
  readonly percent: 'bitfusion.io/gpu-percent';
  /** Memory of each GPU, in bytes. */
  readonly memory: 'bitfusion.io/gpu-memory';
  /** Written: what the device plugin advertises and a quota limits; 1 is 1 % of one GPU. */
  readonly units: 'bitfusion.io/gpu';
} = Object.freeze({
  amount: 'bitfusion.io/gpu-amount',
  num: 'bitfusion.io/gpu-num',
  percent: 'bitfusion.io/gpu-percent',
  memory: 'bitfusion.io/gpu-memory',
  units: 'bitfusion.io/gpu',
});

const domain = 'bitfusion.io/';

/** Wrong letters in the domain of a resource, by which it is still recognised. */
const domainEdits = 2;

/**
 * Whether a resource asks for a GPU, be its name one of ours or a misspelt one. The units ask for nothing: a user
 * may not set them, and an injected pod has them.
 */
export function asksForGpu(resourceName: string): boolean {
  if (resourceName.startsWith(domain)) return resourceName !== resources.units;
  const slash = resourceName.indexOf('/');
  if (slash < 0 || !resourceName.startsWith('gpu', slash + 1)) return false;
  return nearestName(resourceName.slice(0, slash + 1), [domain], domainEdits) !== undefined;
}
