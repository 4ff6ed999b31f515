import { isJsonObject } from '@bwki/plain-data';
import { createPolicy, mutatePod, mutatePodTemplate, validatePod } from '@bwki/pod-mutator';
import type { PodVerdict, Policy } from '@bwki/pod-mutator';
import { formatFieldError, formatWarning, type PodLike } from '@bwki/spec-parser';

/** What a library says of an example, as a user sees it. */
export interface Finding {
  readonly code: string;
  readonly text: string;
}

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** The settings under which the examples are run, unless one changes them. */
const settings: Json = { totalGpuMemory: 16_000 };

/**
 * Everything that the libraries find in an example, each finding once.
 *
 * @param example a whole object of another kind, or what differs from `base`: `annotations`, `labels` and `spec` of the pod,
 *   `settings` of the policy, `afterMutation` what somebody changed later, all else of the first container
 */
export function findingsOf(example: Json, base: Json): readonly Finding[] {
  const { settings: changedSettings, afterMutation, ...change } = lengthened(example) as Json;
  const policy = createPolicy(merge(settings, changedSettings ?? {}) as Json);
  if (!policy.ok) {
    return policy.error.map(({ code, field, detail }) => ({ code, text: `${field}: ${detail}` }));
  }
  if ('kind' in change) return findingsInTemplate(change, policy.value);
  const pod = changed(base, change);
  if (afterMutation === undefined) return findingsInPod(pod, policy.value);
  const mutation = mutatePod(pod, policy.value);
  if (!mutation.ok) return texts({ errors: mutation.error, warnings: [] });
  return findingsInPod(changed(mutation.value.mutatedPod() as Json, afterMutation as Json), policy.value);
}

function findingsInTemplate(object: Json, policy: Policy): readonly Finding[] {
  const mutation = mutatePodTemplate(object, policy);
  return mutation.ok ? [] : texts({ errors: mutation.error, warnings: [] });
}

function findingsInPod(pod: PodLike, policy: Policy): readonly Finding[] {
  const mutation = mutatePod(pod, policy);
  const findings = [
    ...texts(
      mutation.ok
        ? { errors: [], warnings: mutation.value.warnings }
        : { errors: mutation.error, warnings: [] },
    ),
    ...texts(validatePod(pod, policy)),
  ];
  return findings.filter(({ text }, index) => findings.findIndex((other) => other.text === text) === index);
}

function texts({ errors, warnings }: Pick<PodVerdict, 'errors' | 'warnings'>): readonly Finding[] {
  return [
    ...errors.map((error) => ({ code: error.code, text: formatFieldError(error) })),
    ...warnings.map((warning) => ({ code: warning.code, text: formatWarning(warning) })),
  ];
}

function changed(pod: Json, { annotations = {}, labels = {}, spec = {}, ...container }: Json): PodLike {
  const [first] = (pod as PodLike).spec?.containers ?? [];
  const containers = Object.keys(container).length === 0 ? [] : [{ ...container, name: first?.name }];
  return [{ metadata: { annotations, labels } }, { spec: { containers } }, { spec }].reduce(
    merge,
    pod,
  ) as PodLike;
}

/** As `kubectl patch` merges: objects by key, lists of named elements by name; null removes. */
function merge(base: unknown, change: unknown): unknown {
  if (isNamedList(base) && isNamedList(change)) return mergeByName(base, change);
  if (!isJsonObject(base) || !isJsonObject(change)) return change;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

function mergeByName(base: readonly Json[], change: readonly Json[]): readonly unknown[] {
  const merged = base.map((element) =>
    merge(element, change.find(({ name }) => name === element['name']) ?? {}),
  );
  return [...merged, ...change.filter(({ name }) => !base.some((element) => element['name'] === name))];
}

/** `/a… (5000 characters)` stands for a text that would not fit on a page. */
function lengthened(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(/(.)… \((\d+) characters\)$/, (_, last: string, length: string) =>
      last.repeat(Number(length)),
    );
  }
  if (Array.isArray(value)) return value.map(lengthened);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, lengthened(part)]));
}

function isNamedList(value: unknown): value is readonly Json[] {
  return (
    Array.isArray(value) && value.every((element: unknown) => isJsonObject(element) && 'name' in element)
  );
}
