/**
 * One replica of the webhook in a process of its own, so that it can be killed: `<settings as JSON>`. It tells its
 * parent the port once it serves, takes how far its clock is to be ahead, and ends by TERM as the webhook does.
 */
import { createLog, standaloneOptions, startWebhook } from '@bwki/webhook';

import type { ReplicaSettings } from '../support/webhook-replica.ts';

const settings = JSON.parse(process.argv[2] ?? '') as ReplicaSettings;
let { aheadMs } = settings;
process.on('message', (message: number) => {
  aheadMs = message;
});
const webhook = await startWebhook(
  {
    ...standaloneOptions,
    policy: { totalGpuMemory: '16000' },
    certificate: { kind: 'own', namespace: 'bwki', names: ['127.0.0.1'], ...settings },
  },
  {
    log: createLog('info', { write: (line) => process.stdout.write(line) }),
    now: () => new Date(Date.now() + aheadMs),
  },
);
process.once('SIGTERM', () => {
  void webhook[Symbol.asyncDispose]().then(() => {
    process.disconnect?.();
  });
});
process.send?.(Number(new URL(webhook.url).port));
