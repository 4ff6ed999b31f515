import { annotations } from './annotations.ts';
import type { ClientEntry } from './catalog.ts';
import { versionNumber } from './client.ts';
import { forbidden, invalid, type FieldError } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import type { PodAnnotations } from './pod-annotations.ts';
import { quote } from '../findings/quote.ts';

/** The first client that knows `--filter`. */
const oldestClient = 400;

const blanks = /\s+/;

/** `server.hostname=gpu-1`, `device.index<=2`: a name, one of six comparisons, a value that is no comparison itself. */
const filterItem = /^[A-Za-z][A-Za-z0-9._-]*(?:[<>!]=|[<>=])[^<>!=]/;

/**
 * The filters that narrow the choice of GPU servers (B3), one string for each `--filter`. A client older than 4.0
 * does not know them; of one that the image was built with and whose version is unknown they are believed to work.
 */
export function readFilters(
  podAnnotations: PodAnnotations,
  client: ClientEntry | undefined,
  findings: Findings,
): readonly string[] {
  const text = podAnnotations.read(annotations.filter);
  if (text === undefined) return [];
  const path = podAnnotations.path(annotations.filter);
  const version = client === undefined ? undefined : versionNumber(client.version);
  if (client !== undefined && version !== undefined && version < oldestClient) {
    const detail = `filters need a client of version ${oldestClient} or later, the chosen one is ${quote(client.version)}`;
    findings.errors.push(forbidden(path, 'SPEC_FILTER_CLIENT_TOO_OLD', detail));
  }
  const filters: string[] = [];
  let faulty: string[] = [];
  const reportFaulty = (): void => {
    if (faulty.length > 0) findings.errors.push(...itemErrors(faulty, path));
    faulty = [];
  };
  for (const item of text.split(blanks)) {
    if (filterItem.test(item)) {
      reportFaulty();
      filters.push(item);
    } else faulty.push(item);
  }
  reportFaulty();
  return filters;
}

/** Neighbours that make an item without the blanks between them are one error, since the blanks are its cause. */
function itemErrors(items: readonly string[], path: FieldPath): readonly FieldError[] {
  const joined = items.join('');
  if (items.length > 1 && filterItem.test(joined)) {
    const detail = `${expectedForm}; write ${quote(joined)}`;
    return [invalid(path, 'SPEC_FILTER_INVALID', items.join(' '), detail)];
  }
  return items.map((item) => invalid(path, 'SPEC_FILTER_INVALID', item, expectedForm));
}

const expectedForm =
  'must be key=value (or !=, <, <=, >, >=) without blanks around the sign, such as device.index=0';
