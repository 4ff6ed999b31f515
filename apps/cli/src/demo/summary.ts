import { askedCell } from '../explain/asked-text.ts';
import type { TemplateExplanation } from '../explain/explain-template.ts';
import { trialResult } from './trial-text.ts';
import type { ContainerTrialOutcome } from './try-template.ts';

export const summaryTitles: readonly string[] = ['EXAMPLE', 'KIND', 'ASKED', 'UNITS', 'RESULT'];

/** What a line of the table at the end says of an object; the last cell is its result. */
export function summaryCells(
  example: string,
  kind: string,
  templates: readonly TemplateExplanation[],
  outcomes: readonly ContainerTrialOutcome[],
): readonly string[] {
  const containers = templates.flatMap((template) => template.containers);
  const asked = containers.map((container) => askedCell(container.asked));
  return [example, kind, [...new Set(asked)].join(' + '), unitsText(templates), resultText(outcomes)];
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
  if (failed.length > 0)
    return failed.map((outcome) => `${outcome.name}: ${trialResult(outcome)}`).join(', ');
  const [first] = outcomes;
  return first === undefined ? 'left as it is' : trialResult(first);
}
