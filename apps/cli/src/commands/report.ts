import { formatFault, type Fault } from '../fault.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../terminal/style.ts';

/**
 * All faults on stderr, one a line, in the order in which a person goes through the files.
 *
 * @param names the files in the order in which they were asked for; what is of none comes first
 */
export function reportFaults(faults: readonly Fault[], io: Io, names: readonly string[] = []): void {
  const style = styleFor(io.stderr, io.env);
  const lines = inOrderOfText(faults, names).map((fault) => style('red', formatFault(fault)));
  io.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

/** The same for what is accepted nevertheless. */
export function reportWarnings(warnings: readonly Fault[], io: Io, names: readonly string[]): void {
  const style = styleFor(io.stderr, io.env);
  const lines = inOrderOfText(warnings, names).map((warning) =>
    style('yellow', formatFault({ ...warning, message: `warning: ${warning.message}` })),
  );
  io.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

function inOrderOfText(faults: readonly Fault[], names: readonly string[]): readonly Fault[] {
  return faults.toSorted(
    (a, b) =>
      names.indexOf(a.file ?? '') - names.indexOf(b.file ?? '') ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.col ?? 0) - (b.position?.col ?? 0),
  );
}
