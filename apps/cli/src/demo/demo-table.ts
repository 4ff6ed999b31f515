import { askedCell } from '../explain/asked-text.ts';
import type { TemplateExplanation } from '../explain/explain-template.ts';
import type { Style } from '../terminal/style.ts';
import { table } from '../terminal/table.ts';
import { trialResult } from './trial-text.ts';
import type { ContainerTrialOutcome } from './try-template.ts';
import { webhookResult } from './webhook-text.ts';
import type { WebhookTrial } from './with-webhook.ts';

/** What the table at the end says of an object. */
export interface DemoRow {
  /** All but the results. */
  readonly cells: readonly string[];
  /** Of running it, and of the webhook. */
  readonly results: readonly string[];
  /** Whether all programs were run as they would have been, and all answers were the library's. */
  readonly same: boolean;
}

/** An object and what came of it. */
export interface TriedObject {
  readonly example: string;
  readonly kind: string;
  readonly templates: readonly TemplateExplanation[];
  readonly outcomes: readonly ContainerTrialOutcome[];
  readonly answers: readonly WebhookTrial[];
}

export function demoRow({ example, kind, templates, outcomes, answers }: TriedObject): DemoRow {
  const containers = templates.flatMap((template) => template.containers);
  const asked = new Set(containers.map((container) => askedCell(container.asked)));
  return {
    cells: [example, kind, [...asked].join(' + '), unitsText(templates)],
    results: [resultText(outcomes), webhookResult(answers)],
    same: [...outcomes, ...answers].every(({ same }) => same),
  };
}

/** Ends in a newline. */
export function demoTable(rows: readonly DemoRow[], style: Style): string {
  const titles = ['EXAMPLE', 'KIND', 'ASKED', 'UNITS', 'RESULT', 'WEBHOOK'].map((title) =>
    style('bold', title),
  );
  const shown = rows.map(({ cells, results, same }) => [
    ...cells,
    ...results.map((result) => style(same ? 'green' : 'red', result)),
  ]);
  return table([titles, ...shown]);
}

/** The units of all pods of the object: `50 + 2 x 50 = 150`. */
function unitsText(templates: readonly TemplateExplanation[]): string {
  const terms = templates.map(({ replicas, units }) =>
    replicas === 1 ? String(units) : `${replicas} x ${units}`,
  );
  const total = templates.reduce((sum, { replicas, units }) => sum + BigInt(replicas) * units, 0n);
  const sum = terms.join(' + ');
  return sum === String(total) ? sum : `${sum} = ${total}`;
}

function resultText(outcomes: readonly ContainerTrialOutcome[]): string {
  const failed = outcomes.filter(({ same }) => !same);
  if (failed.length > 0) {
    return failed.map((outcome) => `${outcome.name}: ${trialResult(outcome)}`).join(', ');
  }
  const [first] = outcomes;
  return first === undefined ? 'left as it is' : trialResult(first);
}
