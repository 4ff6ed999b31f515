/**
 * Ids as a person reads them, in order: `gpu-0..gpu-49, gpu-60`. Ids that only count up are folded; what is over `max`
 * characters becomes a number: `…, and 12 more`.
 */
export function foldIds(ids: readonly string[], max = 400): string {
  const texts: string[] = [];
  let length = 0;
  let left = ids.length;
  for (const { first, last, count } of runsOf(ids)) {
    const text = count === 1 ? first : `${first}..${last}`;
    length += text.length + ', '.length;
    if (length > max && texts.length > 0) return `${texts.join(', ')} and ${left} more`;
    texts.push(text.length > max ? `${text.slice(0, max)}...` : text);
    left -= count;
  }
  return texts.join(', ');
}

interface Run {
  readonly first: string;
  last: string;
  count: number;
}

function runsOf(ids: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  let next: string | undefined;
  for (const { id, prefix, digits } of ids.map(partsOf).sort(compare)) {
    const run = runs.at(-1);
    if (run !== undefined && id === next) {
      run.last = id;
      run.count += 1;
    } else {
      runs.push({ first: id, last: id, count: 1 });
    }
    next = digits === '' ? undefined : prefix + String(Number(digits) + 1).padStart(digits.length, '0');
  }
  return runs;
}

interface IdParts {
  readonly id: string;
  readonly prefix: string;
  /** At its end; at most 15, which a number holds exactly. */
  readonly digits: string;
}

function partsOf(id: string): IdParts {
  const digits = /\d{0,15}$/.exec(id)?.[0] ?? '';
  return { id, prefix: id.slice(0, id.length - digits.length), digits };
}

function compare(a: IdParts, b: IdParts): number {
  if (a.prefix !== b.prefix) return a.prefix < b.prefix ? -1 : 1;
  return Number(a.digits) - Number(b.digits) || a.digits.length - b.digits.length;
}
