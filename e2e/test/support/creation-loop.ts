import type { ControlPlane } from '../../harness/index.ts';
import { gpuPod, isInjected } from './gpu-pod.ts';

/** What became of the pods of a loop. */
export interface Creations {
  /** Pods that were admitted, and mutated. */
  readonly admitted: number;
  /** Of each that was not: when, in seconds since the loop began, and why. */
  readonly failures: readonly string[];
}

/** Where no node is: its pods are admitted and stored, and never started. */
const nowhere = { 'kubernetes.io/hostname': 'nowhere' };

/** Creates GPU pods without pause while `meanwhile` runs: one after the other as dry runs, and beside them stored ones. */
export async function whilePodsAreCreated(
  { api }: ControlPlane,
  namespace: string,
  meanwhile: () => Promise<unknown>,
): Promise<Creations> {
  const failures: string[] = [];
  const began = performance.now();
  let admitted = 0;
  let isOver = false;
  const create = async (dryRun: boolean): Promise<void> => {
    const pod = gpuPod({ namespace });
    const creation = { ...pod, spec: { ...(pod['spec'] as object), nodeSelector: nowhere } };
    while (!isOver) {
      const at = ((performance.now() - began) / 1000).toFixed(1);
      try {
        const { body } = await api.create(creation, { dryRun });
        if (isInjected(body)) admitted += 1;
        else failures.push(`${at} s: not mutated`);
        if (!dryRun) await api.remove({ ...pod, metadata: body.metadata });
      } catch (error) {
        failures.push(`${at} s: ${String(error)}`);
      }
    }
  };
  const creating = Promise.all([create(true), create(false)]);
  try {
    await meanwhile();
  } finally {
    isOver = true;
    await creating;
  }
  return { admitted, failures };
}
