import { formatFault, type Fault } from '../fault.ts';
import type { Io } from '../io.ts';
import { styleFor } from '../terminal/style.ts';

/** All faults on stderr, one a line, in the order in which a person goes through each file. */
export function reportFaults(faults: readonly Fault[], io: Io): void {
  const style = styleFor(io.stderr, io.env);
  io.stderr.write(
    inOrderOfText(faults)
      .map((fault) => `${style('red', formatFault(fault))}\n`)
      .join(''),
  );
}

/** The same for what is accepted nevertheless. */
export function reportWarnings(warnings: readonly Fault[], io: Io): void {
  const style = styleFor(io.stderr, io.env);
  const lines = inOrderOfText(warnings).map((warning) =>
    style('yellow', formatFault({ ...warning, message: `warning: ${warning.message}` })),
  );
  io.stderr.write(lines.map((line) => `${line}\n`).join(''));
}

/** Files stay in the order in which they were first named. */
function inOrderOfText(faults: readonly Fault[]): readonly Fault[] {
  const files = [...new Set(faults.map(({ file }) => file))];
  return faults.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.col ?? 0) - (b.position?.col ?? 0),
  );
}
