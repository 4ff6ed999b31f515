/**
 * Whether the work grows with the pod and no faster: the time a list entry, while the list grows 64 times. A flat row
 * is linear. Run it by `npm run growth -w @bwki/bench`.
 */
import { mutatePod } from '@bwki/pod-mutator';
import type { PodLike } from '@bwki/spec-parser';

import { benchPolicy } from './policy.ts';

const sizes = [1_000, 4_000, 16_000, 64_000];
const runs = 5;
const policy = benchPolicy();
const limits = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '1' };
const gpuContainer = { name: 'main', image: 'x', command: ['python', 'x.py'], resources: { limits } };

type Grow = (size: number) => PodLike;

const shapes: Readonly<Record<string, Grow>> = {
  'env entries': (size) =>
    podOf([{ ...gpuContainer, env: numbered(size, (name) => ({ name, value: 'x' })) }]),
  volumes: (size) =>
    podOf(
      [gpuContainer],
      numbered(size, (name) => ({ name, emptyDir: {} })),
    ),
  'volume mounts': (size) =>
    podOf([
      { ...gpuContainer, volumeMounts: numbered(size, (name) => ({ name, mountPath: `/data/${name}` })) },
    ]),
  'GPU containers': (size) => podOf(numbered(size, (name) => ({ ...gpuContainer, name }))),
  'plain containers': (size) =>
    podOf([gpuContainer, ...numbered(size, (name) => ({ name, image: 'x', command: ['sleep', '1'] }))]),
};

function podOf(containers: readonly object[], volumes: readonly object[] = []): PodLike {
  return { metadata: { annotations: { 'auto-management/bitfusion': 'all' } }, spec: { containers, volumes } };
}

function numbered<T>(size: number, make: (name: string) => T): readonly T[] {
  return Array.from({ length: size }, (_, index) => make(`n${index}`));
}

/** Nanoseconds an entry, in the best of some runs. */
function nanosecondsPerEntry(grow: Grow, size: number): number {
  const pod = grow(size);
  let best = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const result = mutatePod(pod, policy);
    const elapsed = performance.now() - start;
    if (!result.ok) throw new Error(JSON.stringify(result.error[0]));
    best = Math.min(best, elapsed);
  }
  return (best * 1e6) / size;
}

console.log(
  `${'ns an entry, at'.padEnd(20)}${sizes.map((size) => String(size).padStart(10)).join('')}   last / first`,
);
for (const [name, grow] of Object.entries(shapes)) {
  const figures = sizes.map((size) => nanosecondsPerEntry(grow, size));
  const ratio = (figures.at(-1) ?? 0) / (figures[0] ?? 1);
  console.log(
    `${name.padEnd(20)}${figures.map((figure) => figure.toFixed(0).padStart(10)).join('')}   ${ratio.toFixed(2)}`,
  );
}
