import { ok, type Result } from '@bwki/plain-data';
import { describe, expect, it } from 'vitest';

import type { TokenFault } from '../src/admission/token-copies.ts';
import { inProcessWebhook } from './fuzz/in-process-webhook.ts';
import { gpuContainer, gpuPod, plainPod, reviewOf } from './review.ts';
import { standalone } from './standalone.ts';

const requests = 10_000;
const atOnce = 64;

/** A request of each kind, told apart by its number. */
function requestOf(number: number): { readonly webhook: 'mutate' | 'validate'; readonly body: string } {
  const name = `pod-${number}`;
  const memory = { 'bitfusion.io/gpu-amount': `${1 + (number % 7)}`, 'bitfusion.io/gpu-memory': '8000M' };
  const kinds = [
    gpuPod('all', { ...gpuContainer, name }),
    gpuPod('injection', { ...gpuContainer, name, resources: { limits: memory } }),
    gpuPod('none', { ...gpuContainer, name }),
    gpuPod('all', {
      ...gpuContainer,
      name,
      resources: { limits: { 'bitfusion.io/gpu-percent': `${number}` } },
    }),
    { ...plainPod, metadata: { name } },
    gpuPod('all', {
      ...gpuContainer,
      name,
      env: Array.from({ length: 500 }, (_, i) => ({ name: `E${i}`, value: name })),
    }),
    'no pod',
  ];
  const webhook = number % 3 === 2 ? 'validate' : 'mutate';
  const request = { uid: `uid-${number}`, name, namespace: `team-${number % 11}` };
  const version = `admission.k8s.io/${number % 2 === 0 ? 'v1' : 'v1beta1'}`;
  return { webhook, body: JSON.stringify(reviewOf(kinds[number % kinds.length], request, version)) };
}

describe('B50: many requests at once', () => {
  it(`B50: ${requests} mixed requests, ${atOnce} at a time, each get the answer that they get alone`, async () => {
    // A token that takes its time lets the requests overtake each other.
    const ensure = async (): Promise<Result<void, TokenFault>> => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
      return ok(undefined);
    };
    await using ours = await standalone({}, { tokenCopies: { ensure } });
    const together = new Map<number, string>();
    let next = 0;
    const work = async (): Promise<void> => {
      for (let number = next++; number < requests; number = next++) {
        const { webhook, body } = requestOf(number);
        const { status, text } = await ours.client.send(`/${webhook}`, body);
        together.set(number, `${status} ${text}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));

    const alone = inProcessWebhook();
    const wrong: number[] = [];
    for (let number = 0; number < requests; number++) {
      const { webhook, body } = requestOf(number);
      const { answer } = await alone({ webhook, body: Buffer.from(body), chunkSize: body.length });
      if (together.get(number) !== `${answer?.status} ${answer?.body}`) wrong.push(number);
    }
    expect(wrong).toEqual([]);
    expect(together.get(0)).toMatch(/^200 .*"uid":"uid-0","allowed":true,"patchType"/);
    expect(new Set(together.values()).size).toBeGreaterThan(requests / 2);
  }, 120_000);
});
