import { printable } from '../terminal/printable.ts';
import type { AskedGpus } from './explain-template.ts';

/** What a container asks for, in words: `2 GPUs, 50 % of the memory of each`. */
export function askedText(asked: AskedGpus | undefined): string {
  if (asked === undefined) return 'nothing; gets the client and the token';
  const { amount, percent, memory } = asked;
  const gpus = amount === '1' ? '1 GPU' : `${amount} GPUs`;
  const share = percent === undefined ? memory : `${percent} %`;
  if (share === undefined) return `${gpus}, whole`;
  return `${gpus}, ${printable(share)} ${amount === '1' ? 'of its memory' : 'of the memory of each'}`;
}

/** The same for a table's cell: `2 x 50 %`. */
export function askedCell(asked: AskedGpus | undefined): string {
  if (asked === undefined) return 'client only';
  const { amount, percent, memory } = asked;
  const share = percent === undefined ? memory : `${percent} %`;
  return share === undefined ? `${amount} whole` : `${amount} x ${printable(share)}`;
}
