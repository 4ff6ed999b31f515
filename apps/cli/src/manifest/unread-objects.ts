import { isJsonObject } from '@bwki/plain-data';
import { annotations, asksForGpu } from '@bwki/spec-parser';

import type { Fault } from '../fault.ts';
import type { ManifestDocument, ManifestFile } from './manifest-file.ts';
import { placeOf } from './place-of.ts';
import { objectsIn } from './pod-objects.ts';

const annotationNames: ReadonlySet<string> = new Set(Object.values(annotations));

/** A warning for each object in which no pod is looked for although it has words of ours: they would do nothing. */
export function warnOfUnreadObjects(file: ManifestFile, document: ManifestDocument): readonly Fault[] {
  return objectsIn(document.value).others.flatMap((object): readonly Fault[] => {
    const word = ourWordIn(object.value);
    if (word === undefined) return [];
    const { apiVersion, kind } = object.value as Readonly<Record<string, unknown>>;
    const what =
      typeof apiVersion === 'string' && typeof kind === 'string'
        ? `no pod template is known of ${apiVersion} ${kind}`
        : 'it has no apiVersion or no kind';
    return [
      {
        code: 'CLI_OBJECT_UNREAD',
        message: `${object.name} has ${word}, but is left as it is: ${what}`,
        ...placeOf(file, document, object),
      },
    ];
  });
}

/** The first key that is an annotation of ours or asks for a GPU. The depth was limited when the file was read. */
function ourWordIn(value: unknown): string | undefined {
  if (Array.isArray(value)) return firstOf(value);
  if (!isJsonObject(value)) return undefined;
  const own = Object.keys(value).find((key) => annotationNames.has(key) || asksForGpu(key));
  return own ?? firstOf(Object.values(value));
}

function firstOf(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = ourWordIn(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
