import { asJsonObject, isJsonObject } from '@bwki/plain-data';
import type { ClientEntry } from '../annotations/catalog.ts';
import { forbidden } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import { quote } from '../findings/quote.ts';
import type { PodReading } from './read-pod.ts';

const osLabels = ['kubernetes.io/os', 'beta.kubernetes.io/os'];
const architectureLabels = ['kubernetes.io/arch', 'beta.kubernetes.io/arch'];

/** A choice of nodes: the values that a label may have, and where the pod says so. */
interface Choice {
  readonly values: readonly string[];
  readonly field: FieldPath;
}

/**
 * There is no client for Windows, so a pod that can run nowhere else may not ask for GPUs, however it says so: by
 * `os`, by a node selector, by a required affinity, or by options that only Windows has.
 */
export function refuseWindows(reading: PodReading, findings: Findings): void {
  const field = windowsField(reading);
  if (field === undefined) return;
  const detail = 'the Bitfusion client runs on Linux only; remove the GPUs, or choose the os "linux"';
  findings.errors.push(forbidden(field, 'SPEC_WINDOWS_FORBIDDEN', detail));
}

function windowsField({ spec, specPath, containers }: PodReading): FieldPath | undefined {
  const raw = asJsonObject(spec) ?? {};
  const { os, securityContext } = raw;
  if (isJsonObject(os) && os['name'] === 'windows') return specPath.child('os').child('name');
  const choice = choiceOf(raw, specPath, osLabels);
  if (choice?.values.every((value) => value.toLowerCase() === 'windows') === true) return choice.field;
  if (hasWindowsOptions(securityContext)) return optionsField(specPath);
  const container = containers.find(
    ({ resources, container: own }) => resources.asksForGpu && hasWindowsOptions(own.securityContext),
  );
  return container && optionsField(container.path);
}

function hasWindowsOptions(securityContext: unknown): boolean {
  return isJsonObject(securityContext) && isJsonObject(securityContext['windowsOptions']);
}

function optionsField(owner: FieldPath): FieldPath {
  return owner.child('securityContext').child('windowsOptions');
}

/** Warns of a pod that only nodes can run for whose processors the chosen client is not made. */
export function warnOfArchitecture(
  { spec, specPath }: PodReading,
  client: ClientEntry | undefined,
  findings: Findings,
): void {
  const made = client?.kind === 'package' ? architectureOf(client.libraryPath) : undefined;
  const choice = choiceOf(asJsonObject(spec) ?? {}, specPath, architectureLabels);
  if (made === undefined || choice === undefined || choice.values.includes(made)) return;
  findings.warnings.push({
    code: 'SPEC_ARCHITECTURE_UNSUPPORTED',
    field: choice.field.toString(),
    message: `the client package is made for ${made}, not for ${choice.values.map(quote).join(', ')}: it cannot start there`,
  });
}

/** As Debian writes it in the path of the libraries; undefined where the path does not say. */
function architectureOf(libraryPath: string): string | undefined {
  if (libraryPath.includes('x86_64')) return 'amd64';
  return libraryPath.includes('aarch64') ? 'arm64' : undefined;
}

function choiceOf(
  spec: Readonly<Record<string, unknown>>,
  path: FieldPath,
  labels: readonly string[],
): Choice | undefined {
  const { nodeSelector } = spec;
  if (isJsonObject(nodeSelector)) {
    for (const label of labels) {
      const value = nodeSelector[label];
      if (typeof value === 'string') return { values: [value], field: path.child('nodeSelector').key(label) };
    }
  }
  return requiredChoice(spec['affinity'], path.child('affinity'), labels);
}

/** The terms of an affinity are alternatives; they are a choice where each of them names values of the label. */
function requiredChoice(affinity: unknown, path: FieldPath, labels: readonly string[]): Choice | undefined {
  const node = isJsonObject(affinity) ? affinity['nodeAffinity'] : undefined;
  const field = 'requiredDuringSchedulingIgnoredDuringExecution';
  const required = isJsonObject(node) ? node[field] : undefined;
  const terms = isJsonObject(required) ? required['nodeSelectorTerms'] : undefined;
  if (!Array.isArray(terms) || terms.length === 0) return undefined;
  const values: string[] = [];
  for (const term of terms as unknown[]) {
    const own = termValues(term, labels);
    if (own === undefined) return undefined;
    values.push(...own);
  }
  return { values, field: path.child('nodeAffinity').child(field).child('nodeSelectorTerms') };
}

function termValues(term: unknown, labels: readonly string[]): readonly string[] | undefined {
  const expressions = isJsonObject(term) ? term['matchExpressions'] : undefined;
  if (!Array.isArray(expressions)) return undefined;
  for (const expression of expressions as unknown[]) {
    if (!isJsonObject(expression)) continue;
    const { key, operator, values } = expression;
    if (operator !== 'In' || typeof key !== 'string' || !labels.includes(key)) continue;
    if (!Array.isArray(values) || values.length === 0) continue;
    return values.filter((value): value is string => typeof value === 'string');
  }
  return undefined;
}
