import type { GpuRequest } from '@bwki/quota-calc';

/** What a container asks for, in words: `2 GPUs, 50 % of the memory of each`. */
export function askedText(gpu: GpuRequest | undefined): string {
  if (gpu === undefined) return 'nothing; gets the client and the token';
  const gpus = gpu.amount === 1n ? '1 GPU' : `${gpu.amount} GPUs`;
  const ofEach = gpu.amount === 1n ? 'of its memory' : 'of the memory of each';
  switch (gpu.share.kind) {
    case 'whole':
      return `${gpus}, whole`;
    case 'percent':
      return `${gpus}, ${gpu.share.percent} % ${ofEach}`;
    case 'memory':
      return `${gpus}, ${gpu.share.memory.toString()} ${ofEach}`;
  }
}
