import type { FieldError, PodLike } from '@bwki/spec-parser';

import type { WebhookErrorCode } from '../error-codes.ts';
import { podContainers, resourceList, type PodContainer } from './pod-containers.ts';

/**
 * More could not be stored either: each that asks for GPUs grows by about a kilobyte, and etcd takes 1.5 MiB.
 */
const maxContainers = 1000;

/**
 * Why a pod is too large to be worked on in the time that one request may take from the others; undefined for every
 * pod that could run. Each container that asks for GPUs takes its time; shell text has a bound of its own, where it is
 * parsed.
 */
export function podSizeFault(pod: PodLike): FieldError | undefined {
  const asking = podContainers(pod).filter(asksForGpu);
  const [extra] = asking.slice(maxContainers);
  if (extra !== undefined) {
    return tooLarge(
      extra,
      `is one of ${asking.length} containers that ask for GPUs: have at most ${maxContainers}`,
    );
  }
  return undefined;
}

function asksForGpu({ container }: PodContainer): boolean {
  return Object.keys(resourceList(container, 'limits')).some((name) => name.startsWith('bitfusion.io/'));
}

function tooLarge({ path }: PodContainer, detail: string): FieldError {
  return {
    type: 'TooLong',
    code: 'ADMISSION_POD_TOO_LARGE' satisfies WebhookErrorCode,
    field: path.toString(),
    detail,
  };
}
