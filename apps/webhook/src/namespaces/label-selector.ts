import { err, ok, type Result } from '@bwki/plain-data';
import { z } from 'zod';

/** A label selector as webhook configurations have it. An empty one selects all. */
export interface LabelSelector {
  readonly matchLabels?: Labels | undefined;
  readonly matchExpressions?: readonly LabelRequirement[] | undefined;
}

export type LabelRequirement =
  | { readonly key: string; readonly operator: 'In' | 'NotIn'; readonly values: readonly string[] }
  | {
      readonly key: string;
      readonly operator: 'Exists' | 'DoesNotExist';
      readonly values?: readonly string[] | undefined;
    };

export type Labels = Readonly<Record<string, string>>;

const requirement = z.discriminatedUnion('operator', [
  z.strictObject({ key: z.string().min(1), operator: z.enum(['In', 'NotIn']), values: z.array(z.string()) }),
  z.strictObject({
    key: z.string().min(1),
    operator: z.enum(['Exists', 'DoesNotExist']),
    values: z.array(z.string()).max(0).optional(),
  }),
]);

const schema: z.ZodType<LabelSelector> = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(requirement).optional(),
});

/** @returns what is wrong in the JSON text of a selector, with the path of the field */
export function readLabelSelector(text: string): Result<LabelSelector, string> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err(`${text}: is not JSON`);
  }
  const read = schema.safeParse(json);
  if (read.success) return ok(read.data);
  const faults = read.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  return err(`${text}: is not a label selector: ${faults.join('; ')}`);
}

/** As the API server decides it: `NotIn` selects objects without the label, too. */
export function matchesLabels(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Labels,
): boolean {
  const has = (key: string): boolean => Object.hasOwn(labels, key);
  const isOneOf = (key: string, values: readonly string[]): boolean =>
    has(key) && values.includes(labels[key] ?? '');
  return (
    Object.entries(matchLabels).every(([key, value]) => isOneOf(key, [value])) &&
    matchExpressions.every((one) => {
      switch (one.operator) {
        case 'In':
          return isOneOf(one.key, one.values);
        case 'NotIn':
          return !isOneOf(one.key, one.values);
        case 'Exists':
          return has(one.key);
        case 'DoesNotExist':
          return !has(one.key);
      }
    })
  );
}
