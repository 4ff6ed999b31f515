import { type ClientLine, readLine } from './client-line.ts';
import { withoutEnd } from './lines.ts';

/** How a check ended, in the client's words. */
export type Verdict = 'PASS' | 'INFO' | 'SKIPPED' | 'MARGINAL' | 'FATAL';

const verdicts: readonly Verdict[] = ['PASS', 'INFO', 'SKIPPED', 'MARGINAL', 'FATAL'];

/** A line of a health report before it is put in its place. */
export type HealthLine =
  | ClientLine
  /** The machine the checks that follow are of: a server's `host:port`, undefined for the client's own. */
  | { readonly kind: 'subject'; readonly source: string; readonly server: string | undefined }
  /** E.g. `System Resources`. */
  | { readonly kind: 'category'; readonly source: string; readonly name: string }
  /** `text` without the verdict; a wrapped line is not joined yet. */
  | { readonly kind: 'check'; readonly source: string; readonly verdict: Verdict; readonly text: string }
  /** The rest of a check that was wrapped. */
  | { readonly kind: 'continuation'; readonly source: string; readonly text: string }
  | { readonly kind: 'total'; readonly source: string; readonly verdict: Verdict; readonly count: number }
  /** A rule, or an empty line. */
  | { readonly kind: 'rule'; readonly source: string }
  /** `...`: somebody left lines out. */
  | { readonly kind: 'omission'; readonly source: string };

/** Reports are wrapped at about 80 columns: a shorter line is whole. */
const minWrapped = 60;

/** Reads one line; `previous` decides whether it continues a check. */
export function readHealthLine(source: string, previous: HealthLine | undefined): HealthLine {
  const line = withoutEnd(source).trimEnd();
  return readHealthWording(line, source) ?? readContinuation(line, source, previous) ?? readLine(source);
}

function readHealthWording(line: string, source: string): HealthLine | undefined {
  if (/^=*$/.test(line)) return { kind: 'rule', source };
  if (line === '...') return { kind: 'omission', source };
  const [, server, local] = /^Health report for (?:server: *(\S+)|(localhost))$/.exec(line) ?? [];
  if (server !== undefined || local !== undefined) return { kind: 'subject', source, server };
  const category = /^([A-Z].*) checks:$/.exec(line)?.[1];
  if (category !== undefined) return { kind: 'category', source, name: category };
  const [, verdict, text] = /^\[([A-Z]+) *\] (?!\d{4}-\d\d-\d\dT)(.*)$/s.exec(line) ?? [];
  if (isVerdict(verdict) && text !== undefined) return { kind: 'check', source, verdict, text };
  const [, totalOf, count] = /^([A-Z]+): *(\d{1,9})$/.exec(line) ?? [];
  return isVerdict(totalOf) ? { kind: 'total', source, verdict: totalOf, count: Number(count) } : undefined;
}

function readContinuation(
  line: string,
  source: string,
  previous: HealthLine | undefined,
): HealthLine | undefined {
  const follows = previous?.kind === 'check' || previous?.kind === 'continuation';
  if (!follows || withoutEnd(previous.source).length < minWrapped || readLine(source).kind !== 'text')
    return undefined;
  return { kind: 'continuation', source, text: line };
}

function isVerdict(text: string | undefined): text is Verdict {
  return verdicts.some((verdict) => verdict === text);
}
