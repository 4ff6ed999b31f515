import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { err, ok } from '@bwki/plain-data';
import { explainUnits } from '@bwki/quota-calc';
import {
  formatFieldError,
  formatWarning,
  type FieldError,
  type PodLike,
  type Warning,
} from '@bwki/spec-parser';
import { parse, stringify } from 'yaml';

import {
  createPolicy,
  mutatePod,
  mutatePodTemplate,
  validatePod,
  type ImageConfig,
  type ImageConfigs,
  type JsonPatchOperation,
  type MutationOutcome,
  type Policy,
} from '../src/index.ts';

/** What a person writes of a case: one of the first two, and the others where the case needs them. */
const inputNames = ['pod.yaml', 'object.yaml', 'policy.yaml', 'images.yaml'];

export interface GoldenCase {
  readonly directory: string;
  readonly input: object;
  readonly isPod: boolean;
  readonly policy: Policy;
  readonly imageConfigs: ImageConfigs | undefined;
}

export function readCase(directory: string): GoldenCase {
  const read = (name: string): unknown => {
    const path = join(directory, name);
    return existsSync(path) ? (parse(readFileSync(path, 'utf8')) as unknown) : undefined;
  };
  const pod = read('pod.yaml');
  const object = read('object.yaml');
  if ((pod === undefined) === (object === undefined))
    throw new Error(`${directory} needs a pod.yaml or an object.yaml`);
  const policy = createPolicy(read('policy.yaml') ?? { totalGpuMemory: 16000 });
  if (!policy.ok) throw new Error(`${directory}/policy.yaml: ${JSON.stringify(policy.error)}`);
  return {
    directory,
    input: (pod ?? object) as object,
    isPod: pod !== undefined,
    policy: policy.value,
    imageConfigs: readImages(read('images.yaml')),
  };
}

/** Each image with its configuration, or with a text that says why there is none. */
function readImages(images: unknown): ImageConfigs | undefined {
  if (images === undefined) return undefined;
  return new Map(
    Object.entries(images as Record<string, ImageConfig | string>).map(([image, config]) => [
      image,
      typeof config === 'string' ? err({ code: 'REGISTRY', detail: config }) : ok(config),
    ]),
  );
}

/** What the mutation makes of a case; `mutated` and `patch` are there where something changes. */
export interface GoldenResult {
  readonly status: object;
  readonly patch?: readonly JsonPatchOperation[];
  readonly mutated?: object;
  /** The pods before and after; of an object those of its templates. */
  readonly pods: readonly { readonly before: PodLike; readonly after: PodLike }[];
}

export function runCase({ input, isPod, policy, imageConfigs }: GoldenCase, again = input): GoldenResult {
  return isPod ? runPod(again, policy, imageConfigs) : runTemplate(again, policy);
}

function runPod(pod: PodLike, policy: Policy, imageConfigs: ImageConfigs | undefined): GoldenResult {
  const outcome = mutatePod(pod, policy, { imageConfigs });
  if (!outcome.ok) return { status: { errors: textsOf(outcome.error) }, pods: [] };
  const { patch, mutatedPod, warnings } = outcome.value;
  const { errors } = validatePod(mutatedPod(), policy, { imageConfigs });
  return {
    status: {
      ...summaryOf(outcome.value, policy),
      ...(warnings.length > 0 && { warnings: warnings.map(formatWarning) }),
      ...(errors.length > 0 && { validate: textsOf(errors) }),
    },
    ...(patch.length > 0 && { patch, mutated: mutatedPod() }),
    pods: [{ before: pod, after: mutatedPod() }],
  };
}

function runTemplate(object: object, policy: Policy): GoldenResult {
  const outcome = mutatePodTemplate(object, policy);
  if (!outcome.ok) return { status: { errors: textsOf(outcome.error) }, pods: [] };
  const { patch, mutatedObject, warnings, templates } = outcome.value;
  return {
    status: {
      templates: templates.map((template) => ({
        path: template.path,
        replicas: template.replicas,
        ...summaryOf(template, policy),
      })),
      ...(warnings.length > 0 && { warnings: warnings.map((warning: Warning) => formatWarning(warning)) }),
    },
    ...(patch.length > 0 && { patch, mutated: mutatedObject() }),
    pods: templates.map(({ pod, mutatedPod }) => ({ before: pod, after: mutatedPod() })),
  };
}

function summaryOf(
  { units, containers }: Pick<MutationOutcome<PodLike>, 'units' | 'containers'>,
  policy: Policy,
): object {
  const asked = containers.map(({ ref, gpu }) => {
    const sum = gpu === undefined ? ok('named only') : explainUnits(gpu, policy.totalGpuMemory);
    return [ref.name, sum.ok ? sum.value : sum.error.code];
  });
  return { units: Number(units), ...(asked.length > 0 && { asked: Object.fromEntries(asked) as object }) };
}

function textsOf(errors: readonly FieldError[]): readonly string[] {
  return errors.map((error) => `${error.code} ${formatFieldError(error)}`);
}

/** What is written, by file name. */
export function filesOf({ status, patch, mutated }: GoldenResult): ReadonlyMap<string, string> {
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  const files = new Map([['status.json', json(status)]]);
  if (patch !== undefined) files.set('patch.json', json(patch));
  if (mutated !== undefined) files.set('mutated.yaml', stringify(mutated, { aliasDuplicateObjects: false }));
  return files;
}

/** The golden files of a case as they are, read as values: how they are formatted is not what they say. */
export function goldensOf(directory: string): Readonly<Record<string, unknown>> {
  const names = readdirSync(directory).filter((name) => !inputNames.includes(name));
  return Object.fromEntries(
    names.map((name) => [name, parse(readFileSync(join(directory, name), 'utf8')) as unknown]),
  );
}

export function writeGoldens(directory: string, files: ReadonlyMap<string, string>): void {
  for (const name of readdirSync(directory)) if (!inputNames.includes(name)) rmSync(join(directory, name));
  for (const [name, text] of files) writeFileSync(join(directory, name), text);
}
