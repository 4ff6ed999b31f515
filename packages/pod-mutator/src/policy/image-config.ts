import type { Result } from '@bwki/plain-data';
import { parsePod, type PodLike } from '@bwki/spec-parser';

import type { Policy } from './policy.ts';

/** The part of an image's configuration that says what runs (OCI image specification, `config`). */
export interface ImageConfig {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
}

/** Why an image's configuration could not be had; `detail` is for the person who wrote the pod. */
export interface ImageConfigFault {
  readonly code: string;
  readonly detail: string;
}

/** The configurations that a mutation may use, by the reference as the container spells it (B34). */
export type ImageConfigs = ReadonlyMap<string, Result<ImageConfig, ImageConfigFault>>;

/** What a resolver needs besides the reference. */
export interface ImageConfigContext {
  readonly namespace: string | undefined;
  /** Names of the pod's pull secrets, in its order. */
  readonly pullSecrets: readonly string[];
  readonly signal?: AbortSignalLike | undefined;
}

/** As much of an `AbortSignal` as a port can name without the types of a platform. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
}

/**
 * The port to whatever knows images: a registry client, a cache, a table. A fault of the image or the registry is
 * a value; a rejected promise is a bug of the resolver.
 */
export interface ImageConfigResolver {
  resolve(image: string, context: ImageConfigContext): Promise<Result<ImageConfig, ImageConfigFault>>;
}

/**
 * Asks a resolver for the image of every container that is to run under the client and names no command, each image
 * once. The answer goes into `mutatePod`, which itself does no I/O.
 */
export async function resolveImageConfigs(
  pod: PodLike,
  policy: Policy,
  resolver: ImageConfigResolver,
  context: ImageConfigContext,
): Promise<ImageConfigs> {
  const images = new Set<string>();
  const { request, reading } = parsePod(pod, { catalog: policy.catalog, totalMemory: policy.totalGpuMemory });
  for (const { ref } of request?.mode === 'all' ? request.containers : []) {
    const { image, command = [] } = reading.containerAt(ref)?.container ?? {};
    if (image !== undefined && command.length === 0) images.add(image);
  }
  return new Map(
    await Promise.all(
      Array.from(images, async (image) => [image, await resolver.resolve(image, context)] as const),
    ),
  );
}
