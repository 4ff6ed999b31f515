import { isJsonObject } from '@bwki/plain-data';
import { cutMiddle } from '../findings/cut.ts';
import type { FieldPath } from '../findings/field-path.ts';
import { nearestName } from '../findings/nearest.ts';
import { quote } from '../findings/quote.ts';
import type { Warning } from '../findings/warning.ts';
import { annotations } from './annotations.ts';

const known: readonly string[] = Object.values(annotations);
const prefixes = [...new Set(known.map((name) => name.slice(0, name.indexOf('/'))))];

/** Keys that are looked at, of a pod that may have very many. Kubernetes allows 256 KiB of annotations. */
const maxKeys = 1000;

/** Wrong letters in a prefix, and in a whole name, by which it is still recognised. */
const prefixEdits = 2;
const nameEdits = 6;

/** A warning for each key that looks like one of ours and is none: it would do nothing, and nobody would say so. */
export function misspeltAnnotations(
  values: Readonly<Record<string, unknown>>,
  path: FieldPath,
): readonly Warning[] {
  const warnings: Warning[] = [];
  let looked = 0;
  for (const key in values) {
    if (++looked > maxKeys) break;
    if (known.includes(key) || !isLikeOurs(key)) continue;
    const nearest = nearestName(key, known, nameEdits);
    warnings.push({
      code: 'SPEC_ANNOTATION_UNKNOWN',
      field: path.key(key).toString(),
      message:
        nearest === undefined
          ? `nothing reads ${quote(cutMiddle(key, 40))}: remove it`
          : `nothing reads this: did you mean ${nearest}?`,
    });
  }
  return warnings;
}

function isLikeOurs(key: string): boolean {
  const slash = key.indexOf('/');
  return slash > 0 && nearestName(key.slice(0, slash), prefixes, prefixEdits) !== undefined;
}

/**
 * A warning for each of our annotations that stands where nothing reads it: as a label of the pod, or on the workload
 * instead of its template.
 *
 * @param metadata that of the object at the wrong place
 * @param lists which of its lists to look into
 * @param read the annotations that are read; a key that stands there too is not warned of
 * @param rightPlace of the annotations, as a person would look for it
 */
export function misplacedAnnotations(
  metadata: unknown,
  metadataPath: FieldPath,
  lists: readonly ('labels' | 'annotations')[],
  read: (key: string) => boolean,
  rightPlace: string,
): readonly Warning[] {
  if (!isJsonObject(metadata)) return [];
  return lists.flatMap((list) => {
    const values = metadata[list];
    if (!isJsonObject(values)) return [];
    return known
      .filter((key) => key !== annotations.status && Object.hasOwn(values, key) && !read(key))
      .map((key) => ({
        code: 'SPEC_ANNOTATION_MISPLACED',
        field: metadataPath.child(list).key(key).toString(),
        message: `is not read here: move it to ${rightPlace}`,
      }));
  });
}
