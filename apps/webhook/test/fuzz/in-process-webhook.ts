import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { createLog } from '@bwki/daemon';
import { createPolicy } from '@bwki/pod-mutator';

import { admissionEndpoint } from '../../src/admission/admission-endpoint.ts';
import type { Answer } from '../../src/http/answer.ts';
import { answerReview } from '../../src/http/answer-review.ts';
import { BodyBudget } from '../../src/http/body-budget.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { FuzzCase } from './body-arbitrary.ts';

/** What became of a request, as a client and a reader of the log see it. */
export interface Outcome {
  /** Undefined where the client would have waited in vain. */
  readonly answer: Answer | undefined;
  /** Log lines that it brought about. */
  readonly lines: readonly string[];
  /** Time of this thread from the first byte to the answer, on whatever else the machine may be busy. */
  readonly milliseconds: number;
}

/** The webhook from a request's bytes to its answer's, all stages, without a network in between. */
export function inProcessWebhook(): (request: FuzzCase) => Promise<Outcome> {
  const policy = createPolicy({ totalGpuMemory: 16000 });
  if (!policy.ok) throw new Error(JSON.stringify(policy.error));
  let lines: string[] = [];
  const context = {
    policy: { current: () => policy.value },
    log: createLog('info', { write: (line) => void lines.push(line) }),
    metrics: createMetrics(),
  };
  const endpoints = {
    mutate: admissionEndpoint('mutate', context),
    validate: admissionEndpoint('validate', context),
  };
  const bodies = new BodyBudget();
  const noDeadline = new AbortController().signal;
  return async ({ webhook, body, chunkSize }) => {
    const message = new IncomingMessage(new Socket());
    message.method = 'POST';
    message.headers = { 'content-type': 'application/json' };
    // No client sends a long body in pieces of a few bytes: it is refused.
    const size = Math.max(chunkSize, body.length >> 9);
    for (let start = 0; start < body.length; start += size) {
      message.push(body.subarray(start, start + size));
    }
    message.push(null);
    lines = [];
    const start = process.threadCpuUsage();
    const answer = await answerReview(message, endpoints[webhook], () => noDeadline, bodies);
    const { user, system } = process.threadCpuUsage(start);
    return { answer, lines, milliseconds: (user + system) / 1000 };
  };
}
