import { askedCell } from '../explain/asked-text.ts';
import type { TemplateExplanation } from '../explain/explain-template.ts';
import type { Style } from '../terminal/style.ts';
import { table } from '../terminal/table.ts';
import { trialResult } from './trial-text.ts';
import type { ContainerTrialOutcome } from './try-template.ts';

/** What the table at the end says of an object. */
export interface DemoRow {
  /** All but the result. */
  readonly cells: readonly string[];
  readonly result: string;
  /** Whether all programs were run as they would have been. */
  readonly same: boolean;
}

export function demoRow(
  example: string,
  kind: string,
  templates: readonly TemplateExplanation[],
  outcomes: readonly ContainerTrialOutcome[],
): DemoRow {
  const containers = templates.flatMap((template) => template.containers);
  const asked = new Set(containers.map((container) => askedCell(container.asked)));
  return {
    cells: [example, kind, [...asked].join(' + '), unitsText(templates)],
    result: resultText(outcomes),
    same: outcomes.every((outcome) => outcome.same),
  };
}

/** Ends in a newline. */
export function demoTable(rows: readonly DemoRow[], style: Style): string {
  const titles = ['EXAMPLE', 'KIND', 'ASKED', 'UNITS', 'RESULT'].map((title) => style('bold', title));
  return table([titles, ...rows.map((row) => [...row.cells, style(row.same ? 'green' : 'red', row.result)])]);
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
