import { mutatePod, type Policy, type TemplateMutation } from '@bwki/pod-mutator';

import { WebhookClient } from './webhook-client.ts';

/** What the webhook made of the pod of a template. */
export interface WebhookTrial {
  /** Whether it answered with the patch that the library makes, and admits the mutated pod. */
  readonly same: boolean;
  /** Of its patch; 0 where it changes nothing. */
  readonly operations: number;
  readonly patchBytes: number;
  /** Of both answers, `/mutate` first. */
  readonly milliseconds: readonly number[];
  /** Why it is not the same. */
  readonly problem?: string;
}

/** Sends a template's pod to the webhook, as its controller and the API server would. */
export type ReviewTemplate = (template: TemplateMutation) => Promise<WebhookTrial>;

/**
 * Calls `use` while a webhook runs in this process, as `bwki-webhook --standalone` does: HTTPS on a free port of this
 * machine, with a certificate made in memory.
 *
 * @param signal ends a question that waits for its answer
 */
export async function withWebhook<T>(
  policy: Policy,
  signal: AbortSignal,
  use: (review: ReviewTemplate) => Promise<T>,
): Promise<T> {
  // Loaded here, so that no other command pays for it.
  const { createLog, standaloneOptions, startWebhook } = await import('@bwki/webhook');
  const log = createLog('silent', { write: () => undefined });
  await using webhook = await startWebhook(standaloneOptions, { log, policy: { current: () => policy } });
  using client = new WebhookClient(webhook);
  return await use((template) => reviewTemplate(template, policy, client, signal));
}

async function reviewTemplate(
  { pod, mutatedPod }: TemplateMutation,
  policy: Policy,
  client: WebhookClient,
  signal: AbortSignal,
): Promise<WebhookTrial> {
  const library = mutatePod(pod, policy);
  const expected =
    library.ok && library.value.patch.length > 0 ? JSON.stringify(library.value.patch) : undefined;
  const mutation = await client.review('/mutate', pod, signal);
  const verdict = await client.review('/validate', mutatedPod(), signal);
  const { patch } = mutation;
  const problem = problemOf([mutation.message, verdict.message], patch === expected);
  return {
    same: problem === undefined,
    operations: patch === undefined ? 0 : (JSON.parse(patch) as readonly unknown[]).length,
    patchBytes: patch === undefined ? 0 : Buffer.byteLength(patch),
    milliseconds: [mutation.milliseconds, verdict.milliseconds],
    ...(problem === undefined ? {} : { problem }),
  };
}

function problemOf(refusals: readonly string[], isSame: boolean): string | undefined {
  const refusal = refusals.find((message) => message !== '');
  if (refusal !== undefined) return refusal;
  return isSame ? undefined : 'the patch is not that of the library';
}
