import type { FieldError, PodLike } from '@bwki/spec-parser';

import type { WebhookErrorCode } from '../error-codes.ts';
import { podContainers, resourceList, type PodContainer } from './pod-containers.ts';

/**
 * More could not be stored either: each that asks for GPUs grows by about a kilobyte, and etcd takes 1.5 MiB.
 */
const maxContainers = 1000;

/** Characters; each takes about half a microsecond to be read. Linux itself takes 128 KiB in one argument. */
const maxClientText = 64 * 1024;

/**
 * Why a pod is too large to be worked on in the time that one request may take from the others; undefined for every
 * pod that could run. Looked at is what takes time: containers that ask for GPUs, and text that calls the client.
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
  let length = 0;
  for (const container of asking) {
    length += clientTextLength(container);
    if (length > maxClientText) {
      return tooLarge(
        container,
        `the commands that name bitfusion have more than ${maxClientText} characters in all: put the script into the image or a ConfigMap`,
      );
    }
  }
  return undefined;
}

function asksForGpu({ container }: PodContainer): boolean {
  return Object.keys(resourceList(container, 'limits')).some((name) => name.startsWith('bitfusion.io/'));
}

function clientTextLength({ container }: PodContainer): number {
  const lists = [container['command'], container['args']];
  return lists
    .flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []))
    .reduce<number>(
      (sum, element) =>
        typeof element === 'string' && element.includes('bitfusion') ? sum + element.length : sum,
      0,
    );
}

function tooLarge({ path }: PodContainer, detail: string): FieldError {
  return {
    type: 'TooLong',
    code: 'ADMISSION_POD_TOO_LARGE' satisfies WebhookErrorCode,
    field: path.toString(),
    detail,
  };
}
