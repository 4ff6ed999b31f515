import { formatFieldError, type FieldError, type Warning } from '@bwki/spec-parser';

import type { Fault } from '../fault.ts';
import type { ManifestDocument, ManifestFile } from './manifest-file.ts';
import { placeOf } from './place-of.ts';
import type { PodObject } from './pod-objects.ts';

/** An error or a warning of a library, whose path starts at the object, with its place in the file. */
export function fieldFault(
  file: ManifestFile,
  document: ManifestDocument,
  object: PodObject,
  finding: FieldError | Warning,
): Fault {
  const field = object.fieldPrefix + finding.field;
  return {
    code: finding.code,
    message: 'message' in finding ? `${field}: ${finding.message}` : formatFieldError({ ...finding, field }),
    ...placeOf(file, document, object, finding.field),
  };
}
