import { isJsonObject, type JsonObject } from '@bwki/plain-data';

import { typeInvalid } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';

/** A field's object; undefined where it is absent, null (absent to Kubernetes too) or, with an error, another type. */
export function objectAt(value: unknown, path: FieldPath, findings: Findings): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (isJsonObject(value)) return value;
  findings.errors.push(typeInvalid(path, 'SPEC_TYPE_INVALID', value, 'an object'));
  return undefined;
}
