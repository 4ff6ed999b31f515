import {
  mutatePodTemplate,
  type JsonPatchOperation,
  type Policy,
  type TemplateOutcome,
} from '@bwki/pod-mutator';

import type { Fault } from '../fault.ts';
import { fieldFault } from './field-fault.ts';
import type { ManifestDocument, ManifestFile } from './manifest-file.ts';
import { podObjectsIn, type PodObject } from './pod-objects.ts';
import { warnOfUnreadObjects } from './unread-objects.ts';

/** What became of one document. */
export interface MutatedDocument {
  readonly file: ManifestFile;
  readonly document: ManifestDocument;
  /** Relative to the document. */
  readonly patch: readonly JsonPatchOperation[];
  /** What the document says afterwards; its own value where nothing changed. */
  readonly result: unknown;
  readonly objects: readonly MutatedObject[];
  /** Warnings of objects in which no pod is looked for although they have words of ours. */
  readonly unread: readonly Fault[];
}

export interface MutatedObject {
  readonly object: PodObject;
  readonly mutation: TemplateOutcome<object>;
  /** With the place of each in the file. */
  readonly warnings: readonly Fault[];
}

export interface MutatedManifests {
  /** Every document of every file, in order; those with faults are as they were. */
  readonly documents: readonly MutatedDocument[];
  readonly faults: readonly Fault[];
}

/**
 * Mutates all pods and templates of the files; faults of all of them are collected.
 *
 * @param step is told what comes next, for who waits
 */
export function mutateManifests(
  files: readonly ManifestFile[],
  policy: Policy,
  step: (text: string) => void = () => undefined,
): MutatedManifests {
  const faults: Fault[] = [];
  const documents = files.flatMap((file) =>
    file.documents.map((document, index) => {
      step(`${file.name}: document ${index + 1} of ${file.documents.length}`);
      return mutateDocument(file, document, policy, faults);
    }),
  );
  return { documents, faults };
}

function mutateDocument(
  file: ManifestFile,
  document: ManifestDocument,
  policy: Policy,
  faults: Fault[],
): MutatedDocument {
  const objects: MutatedObject[] = [];
  const patch: JsonPatchOperation[] = [];
  let result = document.value;
  for (const object of podObjectsIn(document.value)) {
    const mutation = mutatePodTemplate(object.value, policy, { known: object.known });
    if (!mutation.ok) {
      faults.push(...mutation.error.map((error) => fieldFault(file, document, object, error)));
      continue;
    }
    const { value } = mutation;
    const warnings = value.warnings.map((warning) => fieldFault(file, document, object, warning));
    objects.push({ object, mutation: value, warnings });
    if (value.patch.length === 0) continue;
    patch.push(...value.patch.map((operation) => below(object.pointer, operation)));
    result = withValueAt(result, object.pointer.split('/').slice(1), value.mutatedObject());
  }
  return { file, document, patch, result, objects, unread: warnOfUnreadObjects(file, document) };
}

function below(pointer: string, operation: JsonPatchOperation): JsonPatchOperation {
  const path = pointer + operation.path;
  return operation.op === 'move'
    ? { ...operation, path, from: pointer + operation.from }
    : { ...operation, path };
}

/** A copy with another value at a path through Lists; what lies off the path is shared. */
function withValueAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      String(index) === step ? withValueAt(item, rest, replacement) : item,
    );
  }
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [step]: withValueAt(object[step], rest, replacement) };
}
