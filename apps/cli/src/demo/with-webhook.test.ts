import { createPolicy, mutatePod, type Policy, type TemplateMutation } from '@bwki/pod-mutator';
import type { PodLike } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { styleFor } from '../terminal/style.ts';
import { webhookResult, webhookText } from './webhook-text.ts';
import { withWebhook, type WebhookTrial } from './with-webhook.ts';

const limits = { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' };
const pod: PodLike = {
  metadata: { name: 'x', annotations: { 'auto-management/bitfusion': 'all' } },
  spec: { containers: [{ name: 'main', image: 'x', command: ['python'], resources: { limits } }] },
};

function policy(): Policy {
  const made = createPolicy({ totalGpuMemory: 16000 });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}

/** What the webhook says to a pod, and to what `mutated` claims that it was made into. */
function review(mutated?: PodLike): Promise<WebhookTrial> {
  const mutation = mutatePod(pod, policy());
  if (!mutation.ok) throw new Error(JSON.stringify(mutation.error));
  const { units, containers, request, mutatedPod } = mutation.value;
  const template: TemplateMutation = {
    path: '',
    replicas: 1,
    pod,
    units,
    containers,
    request,
    mutatedPod: () => mutated ?? mutatedPod(),
  };
  return withWebhook(policy(), AbortSignal.timeout(20_000), (one) => one(template));
}

const plain = styleFor({ isTTY: false, write: () => undefined }, {});

describe('the webhook of the demo', () => {
  it('§8: answers over HTTPS with the patch of the library, and admits what it makes', async () => {
    const trial = await review();
    expect(trial).toMatchObject({ same: true, milliseconds: [expect.any(Number), expect.any(Number)] });
    expect(trial.operations).toBeGreaterThan(10);
    expect(webhookText(trial, plain)).toMatch(
      /^ {2}https +POST \/mutate: same patch, \d+ operations, \d{4} bytes, [\d.]+ ms\n +POST \/validate: [\d.]+ ms\n$/,
    );
  });

  it('§8: what it refuses is shown, with its reason', async () => {
    const trial = await review({
      ...pod,
      spec: { containers: [{ name: 'main', resources: { limits: { 'bitfusion.io/gpu': '7' } } }] },
    });
    expect(webhookResult([trial])).toBe('DIFFERS');
    expect(webhookText(trial, plain)).toMatch(/why .*VALIDATION_UNITS_BY_HAND/);
  });
});
