import { printable } from '../terminal/printable.ts';
import { shellJoin } from '../terminal/shell-quote.ts';
import type { Style } from '../terminal/style.ts';
import { table } from '../terminal/table.ts';
import type { ContainerTrialOutcome } from './try-template.ts';

/** What came of running a container, in a word or two. */
export function trialResult({ same, calls }: ContainerTrialOutcome): string {
  if (!same) return 'DIFFERS';
  if (calls.length === 0) return 'client ran';
  return calls.length === 1 ? 'same argv' : `same argv, ${calls.length} programs`;
}

/** The same with what the programs got. Ends in a newline. */
export function trialText(outcome: ContainerTrialOutcome, style: Style): string {
  const { name, same, calls, typed, problem, locked } = outcome;
  const result = style(same ? 'green' : 'red', trialResult(outcome));
  const rows = [
    [style('dim', 'ran'), `${printable(name)}: ${result}${typed ? ', typed in the container' : ''}`],
    ...(locked === undefined ? [] : [[style('dim', 'locked'), locked]]),
    ...calls.map((call) => [style('dim', 'got'), shellJoin(call)]),
    ...(problem === undefined ? [] : [[style('dim', 'why'), printable(problem)]]),
  ];
  return table(rows, '  ');
}
