import type { ContainerLike, PodLike } from '@bwki/spec-parser';

import { validatePod } from '../src/index.ts';
import { mutated, policyOf } from './gpu-pod.ts';

export const memoryResources: ContainerLike['resources'] & object = {
  limits: { 'bitfusion.io/gpu-amount': '2', 'bitfusion.io/gpu-memory': '8000M' },
};

/** `code field` of every error. */
export function verdictOf(pod: PodLike, policy = policyOf()): readonly string[] {
  return validatePod(pod, policy).errors.map(({ code, field }) => `${code} ${field}`);
}

/** A mutated pod whose first container somebody changed since. */
export function tampered(pod: PodLike, change: (container: Record<string, unknown>) => object): PodLike {
  const { metadata, spec } = mutated(pod).mutatedPod();
  const [first, ...rest] = spec?.containers ?? [];
  const changed = { ...first, ...change(structuredClone(first) as Record<string, unknown>) };
  return { ...(metadata && { metadata }), spec: { ...spec, containers: [changed, ...rest] } };
}

export function withEnv(pod: PodLike, name: string, changed: object | undefined): PodLike {
  return tampered(pod, ({ env }) => ({
    env: (env as { name: string }[]).flatMap((variable) =>
      variable.name !== name ? [variable] : changed === undefined ? [] : [{ name, ...changed }],
    ),
  }));
}

export function withUnits(pod: PodLike, limits: unknown, requests: unknown = limits): PodLike {
  const list = (value: unknown): object => (value === undefined ? {} : { 'bitfusion.io/gpu': value });
  return tampered(pod, () => ({ resources: { limits: list(limits), requests: list(requests) } }));
}

export function withCommand(pod: PodLike, change: (command: string[]) => string[]): PodLike {
  return tampered(pod, ({ command }) => ({ command: change(command as string[]) }));
}

export function replaced(flag: string, value: string): (command: string[]) => string[] {
  return (command) => command.map((word, index) => (command[index - 1] === flag ? value : word));
}
