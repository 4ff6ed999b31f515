import type { Fault } from '../fault.ts';
import { offsetOfField, parseFieldPath } from './field-position.ts';
import type { ManifestDocument, ManifestFile } from './manifest-file.ts';
import type { PodObject } from './pod-objects.ts';

/** Where an object, or a field of it, stands in its file. */
export function placeOf(
  file: ManifestFile,
  { yaml, number }: ManifestDocument,
  { fieldPrefix }: Pick<PodObject, 'fieldPrefix'>,
  field = '',
): Required<Pick<Fault, 'file' | 'document' | 'position'>> {
  const offset = offsetOfField(yaml, parseFieldPath(fieldPrefix + field));
  return { file: file.name, document: number, position: file.positionAt(offset) };
}
