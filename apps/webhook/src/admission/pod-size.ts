import { isJsonObject } from '@bwki/plain-data';
import { annotations, type FieldError, type PodLike } from '@bwki/spec-parser';

import type { WebhookErrorCode } from '../error-codes.ts';
import { podContainers, resourceList, type PodContainer } from './pod-containers.ts';

/** More could not be stored either: each grows by about a kilobyte, and etcd takes 1.5 MiB. */
const maxContainers = 1000;

/**
 * Why a pod is too large to be worked on in the time that one request may take from the others; undefined for every
 * pod that could run. Each container that asks for GPUs takes its time; shell text has a bound of its own, where it is
 * parsed.
 */
export function podSizeFault(pod: PodLike): FieldError | undefined {
  const named = namedContainers(pod);
  const asking = podContainers(pod).filter(
    ({ container }) => asksForGpu(container) || wasServed(container) || named.has(container['name']),
  );
  const [extra] = asking.slice(maxContainers);
  if (extra !== undefined) {
    return tooLarge(
      extra,
      `is one of ${asking.length} containers that ask for GPUs or get the client: have at most ${maxContainers}`,
    );
  }
  return undefined;
}

type Container = PodContainer['container'];

function asksForGpu(container: Container): boolean {
  return Object.keys(resourceList(container, 'limits')).some((name) => name.startsWith('bitfusion.io/'));
}

/** Mounts one of our volumes, as a container does that an earlier mutation served. */
function wasServed({ volumeMounts }: Container): boolean {
  return (
    Array.isArray(volumeMounts) &&
    volumeMounts.some((mount: unknown) => {
      const name = isJsonObject(mount) ? mount['name'] : undefined;
      return typeof name === 'string' && name.startsWith('bwki-');
    })
  );
}

/** Names in the annotation for containers that only get the client. */
function namedContainers({ metadata }: PodLike): ReadonlySet<unknown> {
  const names: unknown =
    isJsonObject(metadata) && isJsonObject(metadata['annotations'])
      ? metadata['annotations'][annotations.containers]
      : undefined;
  return new Set(typeof names === 'string' ? names.split(',').map((name) => name.trim()) : []);
}

function tooLarge({ path }: PodContainer, detail: string): FieldError {
  return {
    type: 'TooLong',
    code: 'ADMISSION_POD_TOO_LARGE' satisfies WebhookErrorCode,
    field: path.toString(),
    detail,
  };
}
