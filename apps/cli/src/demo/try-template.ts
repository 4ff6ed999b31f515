import { join } from 'node:path';

import type { Policy, TemplateMutation } from '@bwki/pod-mutator';

import { containerOf } from '../explain/explain-template.ts';
import type { ClientImage } from './client-image.ts';
import { makePodVolumes } from './pod-volumes.ts';
import { tryContainer, type TrialOutcome } from './try-container.ts';

export interface ContainerTrialOutcome extends TrialOutcome {
  readonly name: string;
}

/** What a template is tried with. */
export interface TrialSetting {
  readonly policy: Policy;
  readonly image: ClientImage;
  /** That of `installHostTools`. */
  readonly tools: string;
  /** Where the pod's volumes and its containers' file systems are made. */
  readonly directory: string;
  /** Ends what is running. */
  readonly signal: AbortSignal;
}

/** Runs every container of a template that gets the client, without the mutation and with it. */
export async function tryTemplate(
  template: TemplateMutation,
  { policy, image, tools, directory, signal }: TrialSetting,
): Promise<readonly ContainerTrialOutcome[]> {
  const { pod, containers, request } = template;
  if (request === undefined || containers.length === 0) return [];
  const mutated = template.mutatedPod();
  const volumes = await makePodVolumes(directory, mutated, image, signal);
  const outcomes: ContainerTrialOutcome[] = [];
  for (const container of containers) {
    const { name } = container.ref;
    const outcome = await tryContainer({
      before: containerOf(pod, container),
      after: containerOf(mutated, container),
      client: request.client,
      home: container.home,
      volumes,
      policy,
      directory: join(directory, `container-${name}`),
      tools,
      gpus: container.gpu?.amount,
      signal,
    });
    outcomes.push({ name, ...outcome });
  }
  return outcomes;
}
