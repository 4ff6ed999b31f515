import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { err, ok } from '@bwki/plain-data';
import {
  createPolicy,
  type ImageConfig,
  type ImageConfigs,
  type Policy,
  type PolicyConfig,
} from '@bwki/pod-mutator';
import { parse, parseAllDocuments } from 'yaml';

import type { ApiObject } from '../../harness/index.ts';

/** An object as a user writes it, and what the mutation knows beside it. */
export interface Manifest {
  /** `example pod.yaml: Pod bf-pkgs` or `golden several-users` */
  readonly name: string;
  readonly object: ApiObject;
  readonly policy: Policy;
  readonly imageConfigs: ImageConfigs | undefined;
}

const repository = join(import.meta.dirname, '../../..');

/** The objects of the examples, members of a List each for itself. */
export function examples(): readonly Manifest[] {
  const policy = policyOf({ totalGpuMemory: 16000 });
  return globSync('examples/*.yaml', { cwd: repository })
    .sort()
    .flatMap((file) =>
      parseAllDocuments(readFileSync(join(repository, file), 'utf8')).flatMap((document) => {
        const object = document.toJS() as ApiObject & { readonly items?: readonly ApiObject[] };
        return (object.items ?? [object]).map((item) => ({
          name: `example ${basename(file)}: ${item.kind} ${item.metadata.name ?? ''}`,
          object: item,
          policy,
          imageConfigs: undefined,
        }));
      }),
    );
}

/** The inputs of the mutation's golden cases, with each case's policy and images. */
export function goldens(): readonly Manifest[] {
  return globSync('packages/pod-mutator/fixtures/*/{pod,object}.yaml', { cwd: repository })
    .sort()
    .map((file) => {
      const directory = join(repository, dirname(file));
      const read = (name: string): unknown => {
        const path = join(directory, name);
        return existsSync(path) ? (parse(readFileSync(path, 'utf8')) as unknown) : undefined;
      };
      return {
        name: `golden ${basename(directory)}`,
        object: read(basename(file)) as ApiObject,
        policy: policyOf(read('policy.yaml') ?? { totalGpuMemory: 16000 }),
        imageConfigs: imagesOf(read('images.yaml')),
      };
    });
}

function policyOf(config: PolicyConfig): Policy {
  const policy = createPolicy(config);
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  return policy.value;
}

/** Each image with its configuration, or with a text that says why there is none. */
function imagesOf(images: unknown): ImageConfigs | undefined {
  if (images === undefined) return undefined;
  return new Map(
    Object.entries(images as Record<string, ImageConfig | string>).map(([image, config]) => [
      image,
      typeof config === 'string' ? err({ code: 'REGISTRY', detail: config }) : ok(config),
    ]),
  );
}
