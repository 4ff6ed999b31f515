/** `1 GPU`, `2 GPUs`: an amount with its noun, which takes an `s` for anything but one. */
export function counted(amount: bigint, noun: string): string {
  return `${amount} ${noun}${amount === 1n ? '' : 's'}`;
}
