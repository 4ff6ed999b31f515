import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

/** A field's path in steps: names and keys as strings, indices of arrays as numbers. */
export type FieldSteps = readonly (string | number)[];

/** Takes `spec.containers[1].resources.limits[bitfusion.io/gpu-percent]` apart. */
export function parseFieldPath(field: string): FieldSteps {
  const steps: (string | number)[] = [];
  const name = /[^.[\]]+/y;
  for (let at = 0; at < field.length;) {
    if (field[at] === '[') {
      const close = field.indexOf(']', at);
      const end = close === -1 ? field.length : close;
      const subscript = field.slice(at + 1, end);
      steps.push(/^\d+$/.test(subscript) ? Number(subscript) : subscript);
      at = end + 1;
    } else {
      name.lastIndex = at;
      const [step = ''] = name.exec(field) ?? [];
      if (step !== '') steps.push(step);
      at += Math.max(step.length, 1);
    }
  }
  return steps;
}

/**
 * Offset in the file where a field stands: its key, or an array's element. Where the field is missing, its nearest
 * parent that exists. An alias is as far as a path leads, since a person has to change something there.
 */
export function offsetOfField(document: Document, steps: FieldSteps): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? document.range?.[0] ?? 0;
  for (const step of steps) {
    if (isSeq(node)) {
      node = typeof step === 'number' ? node.items[step] : undefined;
      offset = startOf(node) ?? offset;
    } else if (isMap(node)) {
      const pair = ownPair(node, String(step));
      offset = startOf(pair?.key) ?? offset;
      node = pair?.value;
    } else break;
  }
  return offset;
}

/** The entry that a map itself writes for a key; what `<<` brings in is not its own. */
export function ownPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => keyText(pair.key) === key);
}

/** A key as JSON would have it. */
export function keyText(key: unknown): string | undefined {
  if (isScalar(key)) return String(key.value);
  return isAlias(key) ? undefined : typeof key === 'string' ? key : undefined;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? (node as Node).range?.[0] : undefined;
}
