import type { Result } from '@bwki/plain-data';
import type { FieldError, PodLike } from '@bwki/spec-parser';
import type { Pod } from 'kubernetes-types/core/v1.js';
import type { Deployment } from 'kubernetes-types/apps/v1.js';
import { describe, expect, expectTypeOf, it } from 'vitest';

import { gpuPod, policyOf } from '../test/gpu-pod.ts';
import { mutatePod, type MutationOutcome } from './mutate-pod.ts';
import { mutatePodTemplate, type TemplateOutcome } from './templates/mutate-pod-template.ts';
import { validatePod } from './validate/validate-pod.ts';

// What is asserted of types is checked by the compiler, when it checks this file.
describe('the types', () => {
  it('a Pod of another library goes in and comes out as one', () => {
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'a', image: 'b' }] },
    };
    const outcome = mutatePod(pod, policyOf());
    expectTypeOf(outcome).toEqualTypeOf<Result<MutationOutcome<Pod>, readonly FieldError[]>>();
    if (outcome.ok) expectTypeOf(outcome.value.mutatedPod()).toEqualTypeOf<Pod>();
    expectTypeOf(validatePod).parameter(0).toEqualTypeOf<PodLike>();
    expect(validatePod(pod, policyOf()).errors).toEqual([]);
  });

  it('so does an object with a template', () => {
    const deployment: Deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } };
    const outcome = mutatePodTemplate(deployment, policyOf());
    expectTypeOf(outcome).toEqualTypeOf<Result<TemplateOutcome<Deployment>, readonly FieldError[]>>();
    expect(outcome.ok).toBe(true);
  });

  it('a fault is a value that has to be looked at', () => {
    const outcome = mutatePod(gpuPod(), policyOf());
    // @ts-expect-error there is no value before `ok` is known
    expect(outcome.value).toBeDefined();
  });
});
