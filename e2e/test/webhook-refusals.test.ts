import { mutatePod, validatePod } from '@bwki/pod-mutator';
import { formatFieldError, formatWarning, type FieldError } from '@bwki/spec-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ApiObject, ControlPlane } from '../harness/index.ts';
import { withCanonicalQuantities } from './support/canonical-quantities.ts';
import { gpuPod } from './support/gpu-pod.ts';
import { goldens, type Manifest } from './support/manifests.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { inNamespace, nameless } from './support/pod-in-namespace.ts';
import { refusalOf } from './support/refusal-of.ts';
import { examplePolicy, startWebhookOn, type WebhookOnCluster } from './support/webhook-on-cluster.ts';

/** The API server cannot decode it, so no webhook is asked. */
const undecodable = 'golden wrong-shapes';

const pods = goldens().filter(
  ({ object, imageConfigs }) => object.kind === 'Pod' && imageConfigs === undefined,
);

interface Verdict {
  readonly manifest: Manifest;
  readonly webhook: 'mutation.bitfusion.io' | 'validation.bitfusion.io' | undefined;
  readonly errors: readonly FieldError[];
  readonly warnings: readonly string[];
}

/** What the libraries say of a pod, and which of the webhooks is to say it. */
function verdictOf(manifest: Manifest): Verdict {
  const { policy } = manifest;
  const object = withCanonicalQuantities(manifest.object);
  const outcome = mutatePod(object, policy);
  if (!outcome.ok) return { manifest, webhook: 'mutation.bitfusion.io', errors: outcome.error, warnings: [] };
  const { errors } = validatePod(outcome.value.mutatedPod(), policy);
  const warnings = outcome.value.warnings.map(formatWarning);
  return { manifest, webhook: errors.length > 0 ? 'validation.bitfusion.io' : undefined, errors, warnings };
}

const verdicts = pods.filter(({ name }) => name !== undecodable).map(verdictOf);
const named = (chosen: readonly Verdict[]) => chosen.map((one) => [one.manifest.name, one] as const);

describe.runIf(hasOwnControlPlane())('webhook: what it refuses and warns of', () => {
  let plane: ControlPlane;
  let onCluster: WebhookOnCluster;
  let namespace: string;

  beforeAll(async () => {
    plane = await ownControlPlane();
    onCluster = await startWebhookOn(plane, { policy: examplePolicy() });
    namespace = await plane.createNamespace('refusals');
  });
  afterAll(async () => {
    await onCluster[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  const inPlace = (pod: ApiObject): ApiObject => nameless(inNamespace(pod, namespace));

  it.each(named(verdicts.filter(({ webhook }) => webhook !== undefined)))(
    'B50: %s is refused with 422, a cause for each fault',
    async (_name, { manifest, webhook, errors }) => {
      onCluster.usePolicy(manifest.policy);
      const refusal = await refusalOf(plane.api.create(inPlace(manifest.object), { strict: false }));
      expect(refusal.code).toBe(422);
      expect(refusal.message).toMatch(`admission webhook "${webhook ?? ''}" denied the request: `);
      expect(refusal.status.details?.causes?.map(({ field }) => field)).toEqual(
        errors.map(({ field }) => field),
      );
      for (const error of errors) expect(refusal.message).toContain(formatFieldError(error));
    },
  );

  it('B50: kubectl prints which pod is refused, and each fault with its field', async () => {
    onCluster.usePolicy(examplePolicy());
    const pod = gpuPod({ namespace, name: 'too-much', percent: 150 });
    const { status, stderr } = await plane.kubectl(['create', '-f', '-'], JSON.stringify(pod));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^The Pod "too-much" is invalid: spec\.containers\[0\]\.resources\.limits\[bitfusion\.io\/gpu-percent\]: Invalid value/,
    );
  });

  it('B50: a pod of wrong shapes is refused by the API server itself', async () => {
    const [pod] = pods.filter(({ name }) => name === undecodable);
    if (pod === undefined) throw new Error(`there is no ${undecodable}`);
    const refusal = await refusalOf(plane.api.create(inPlace(pod.object), { strict: false }));
    expect(refusal.code).toBe(400);
    expect(refusal.message).not.toContain('webhook');
  });

  it.each(named(verdicts.filter(({ webhook, warnings }) => webhook === undefined && warnings.length > 0)))(
    'B50: %s is taken with its warnings',
    async (_name, { manifest, warnings }) => {
      onCluster.usePolicy(manifest.policy);
      const answer = await plane.api.create(inPlace(manifest.object), { dryRun: true });
      for (const warning of warnings) expect(answer.warnings).toContain(warning);
      expect(new Set(answer.warnings).size).toBe(answer.warnings.length);
    },
  );
});
