import { parseTotalGpuMemory, type Quantity } from '@bwki/quota-calc';
import {
  defaultCatalog,
  formatFieldError,
  formatWarning,
  parsePod,
  type ContainerLike,
  type ParsedPod,
  type ParseOptions,
  type PodLike,
} from '../src/index.ts';

function totalMemory(): Quantity | undefined {
  const read = parseTotalGpuMemory('16000');
  return read.ok ? read.value : undefined;
}

/** GPUs of 16000 MB and the catalog as it is shipped. */
export const options: ParseOptions = { catalog: defaultCatalog, totalMemory: totalMemory() };

/** A container named `main` that asks for one GPU, unless it is told otherwise. */
export function gpuContainer(overrides: ContainerLike = {}): ContainerLike {
  return { name: 'main', resources: { limits: { 'bitfusion.io/gpu-amount': '1' } }, ...overrides };
}

/** A pod in mode `all` with one container that asks for one GPU, unless it is told otherwise. */
export function gpuPod(
  annotations: Readonly<Record<string, unknown>> = {},
  containers: readonly ContainerLike[] = [gpuContainer()],
): PodLike {
  return anyPod({
    metadata: { annotations: { 'auto-management/bitfusion': 'all', ...annotations } },
    spec: { containers },
  });
}

/** A pod in mode `all` with one container of these limits and, if given, requests. */
export function podAsking(
  limits: Readonly<Record<string, unknown>>,
  requests?: Readonly<Record<string, unknown>>,
): PodLike {
  const { metadata } = gpuPod();
  return anyPod({ metadata, spec: { containers: [{ name: 'main', resources: { limits, requests } }] } });
}

/** A pod as `JSON.parse` or a careless caller gives it. */
export function anyPod(pod: unknown): PodLike {
  return pod as PodLike;
}

/** What was understood, without the pod as it was decoded. */
export function parse(pod: PodLike, overrides: Partial<ParseOptions> = {}): Omit<ParsedPod, 'reading'> {
  const { request, errors, warnings } = parsePod(pod, { ...options, ...overrides });
  return { request, errors, warnings };
}

/** The errors as a user reads them. */
export function errorsOf(pod: PodLike, overrides: Partial<ParseOptions> = {}): string[] {
  return parse(pod, overrides).errors.map(formatFieldError);
}

/** The warnings as a user reads them. */
export function warningsOf(pod: PodLike, overrides: Partial<ParseOptions> = {}): string[] {
  return parse(pod, overrides).warnings.map(formatWarning);
}
