import { describeAskFault, listGpus, type AskOptions } from '@bwki/bitfusion-cli-wrap/exec';

/** What an answer of the pool comes to. */
export type PoolAnswer =
  | { readonly kind: 'gpus'; readonly gpus: number }
  /** For a person; nothing of the client's log is in it but its last words. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Asks the pool how many GPUs it has. Never rejects. */
export type AskPool = (signal: AbortSignal) => Promise<PoolAnswer>;

/** Asks by the client's `list_gpus`. Each GPU of each server counts, whatever runs on it. */
export function clientPool(options: Omit<AskOptions, 'signal'>): AskPool {
  return async (signal) => {
    const listed = await listGpus({ ...options, signal });
    if (!listed.ok) {
      const reason = describeAskFault(listed.error, { binary: '--client', timeout: '--clientTimeout' });
      return { kind: 'unreachable', reason };
    }
    const gpus = listed.value.servers.reduce((sum, server) => sum + server.gpus.length, 0);
    return { kind: 'gpus', gpus };
  };
}
