import jsonPatch from 'fast-json-patch';

import type { JsonPatchOperation } from '../src/index.ts';

/**
 * What an independent library makes of a patch, refusing what is not strictly allowed: a parent that is missing, a
 * value to remove that is not there, an index beyond the end. The document stays as it is.
 */
export function applyStrictly(document: unknown, patch: readonly JsonPatchOperation[]): unknown {
  const copy = structuredClone({ document, patch });
  return jsonPatch.applyPatch(copy.document, copy.patch as jsonPatch.Operation[], true, false).newDocument;
}
