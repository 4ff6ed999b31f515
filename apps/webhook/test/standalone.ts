import { createLog } from '@bwki/daemon';

import { createMetrics, type Metrics } from '../src/metrics.ts';
import { startWebhook, type Webhook, type WebhookSurroundings } from '../src/start-webhook.ts';
import { standaloneOptions, type WebhookOptions } from '../src/webhook-options.ts';
import { WebhookClient } from './webhook-client.ts';

/** A webhook on free ports of this machine, with the total memory of the examples, and who talks to it. */
export interface Standalone extends AsyncDisposable {
  readonly webhook: Webhook;
  readonly client: WebhookClient;
  readonly metrics: Metrics;
  /** The log so far, line by line. */
  readonly lines: () => readonly Record<string, unknown>[];
}

export async function standalone(
  options: Partial<WebhookOptions> = {},
  surroundings: Partial<WebhookSurroundings> = {},
): Promise<Standalone> {
  const written: string[] = [];
  const log = createLog('info', { write: (line) => void written.push(line) });
  const metrics = createMetrics();
  const webhook = await startWebhook(
    { ...standaloneOptions, policy: { totalGpuMemory: '16000' }, ...options },
    { log, metrics, ...surroundings },
  );
  const client = new WebhookClient(webhook);
  return {
    webhook,
    client,
    metrics,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await webhook[Symbol.asyncDispose]();
    },
  };
}
