import { printable } from '../terminal/printable.ts';
import type { Style } from '../terminal/style.ts';
import { table } from '../terminal/table.ts';
import type { WebhookTrial } from './with-webhook.ts';

/** What the webhook answered, in a word or two. */
export function webhookResult(trials: readonly WebhookTrial[]): string {
  if (!trials.every(({ same }) => same)) return 'DIFFERS';
  return trials.some(({ operations }) => operations > 0) ? 'same patch' : 'no patch';
}

/** The same with sizes and times. Ends in a newline. */
export function webhookText(trial: WebhookTrial, style: Style): string {
  const { same, operations, patchBytes, problem } = trial;
  const [mutate = 0, validate = 0] = trial.milliseconds;
  const result = style(same ? 'green' : 'red', webhookResult([trial]));
  const size = operations === 0 ? '' : `, ${operations} operations, ${patchBytes} bytes`;
  const rows = [
    [style('dim', 'https'), `POST /mutate: ${result}${size}, ${mutate.toFixed(1)} ms`],
    ['', `POST /validate: ${validate.toFixed(1)} ms`],
    ...(problem === undefined ? [] : [[style('dim', 'why'), printable(problem)]]),
  ];
  return table(rows, '  ');
}

/** The last line on all of them, without a newline. */
export function webhookSummary(trials: readonly WebhookTrial[]): string {
  const times = trials.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  return `The webhook gave ${times.length} answers over HTTPS, half of them within ${median.toFixed(1)} ms.`;
}
