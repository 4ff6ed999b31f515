import { type ClientFailure, failureOf } from './client-failure.ts';
import { type HealthLine, readHealthLine, type Verdict } from './health-line.ts';
import { linesOf } from './lines.ts';

/** One check, wrapped lines joined. */
export interface HealthCheck {
  readonly verdict: Verdict;
  /** What is checked, e.g. `Check CUDA version >= 9000`; the whole text where it has no colon. */
  readonly name: string;
  /** What was found, e.g. `Current version: 10020`. */
  readonly detail: string | undefined;
}

/** The checks under one heading. */
export interface HealthCategory {
  /** E.g. `Performance`; empty for checks above the first heading. */
  readonly name: string;
  readonly checks: readonly HealthCheck[];
}

/** The report of one machine. */
export interface MachineHealth {
  /** A server's `host:port`; undefined for the machine that the client runs on. */
  readonly server: string | undefined;
  readonly categories: readonly HealthCategory[];
  /** As printed, not counted again; verdicts that are not printed are absent. */
  readonly totals: Readonly<Partial<Record<Verdict, number>>>;
  /** The report has been shortened (`...`), so that its checks are fewer than its totals. */
  readonly shortened: boolean;
}

/** What `health` printed. */
export interface HealthReport {
  /** The servers, then this machine; as printed. */
  readonly machines: readonly MachineHealth[];
  /** Undefined when the client did not give up. */
  readonly failure: ClientFailure | undefined;
  /** Every line, in order; their `source` together is the output. */
  readonly lines: readonly HealthLine[];
}

interface OpenCheck {
  verdict: Verdict;
  text: string;
}

interface OpenMachine {
  server: string | undefined;
  categories: { name: string; checks: OpenCheck[] }[];
  totals: Partial<Record<Verdict, number>>;
  shortened: boolean;
}

/** Reads the output of `health`. Lines before the first machine's heading belong to no machine. */
export function parseHealth(text: string): HealthReport {
  const lines: HealthLine[] = [];
  for (const source of linesOf(text)) lines.push(readHealthLine(source, lines.at(-1)));
  const machines: OpenMachine[] = [];
  for (const line of lines) {
    if (line.kind === 'subject')
      machines.push({ server: line.server, categories: [], totals: {}, shortened: false });
    const machine = machines.at(-1);
    if (machine !== undefined) place(line, machine);
  }
  return { machines: machines.map(closeMachine), failure: failureOf(lines), lines };
}

function place(line: HealthLine, machine: OpenMachine): void {
  const { categories } = machine;
  if (line.kind === 'category') categories.push({ name: line.name, checks: [] });
  else if (line.kind === 'total') machine.totals[line.verdict] = line.count;
  else if (line.kind === 'omission') machine.shortened = true;
  else if (line.kind === 'check') {
    if (categories.length === 0) categories.push({ name: '', checks: [] });
    categories.at(-1)?.checks.push({ verdict: line.verdict, text: line.text });
  } else if (line.kind === 'continuation') {
    const check = categories.at(-1)?.checks.at(-1);
    // A path is wrapped behind a slash, words at a blank.
    if (check !== undefined) check.text += (check.text.endsWith('/') ? '' : ' ') + line.text;
  }
}

function closeMachine({ server, categories, totals, shortened }: OpenMachine): MachineHealth {
  const closed = categories.map(({ name, checks }) => ({ name, checks: checks.map(closeCheck) }));
  return { server, categories: closed, totals, shortened };
}

/** `Check PCIe Width:: all set` is what a 2.0 client prints: all colons between name and detail are dropped. */
function closeCheck({ verdict, text }: OpenCheck): HealthCheck {
  const colon = text.indexOf(': ');
  if (colon < 0) return { verdict, name: text, detail: undefined };
  let end = colon;
  while (text[end - 1] === ':') end--;
  return { verdict, name: text.slice(0, end), detail: text.slice(colon + 2).trimStart() };
}
