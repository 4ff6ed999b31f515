import { isSeq, type Document, type Node } from 'yaml';

import type { JsonPatchOperation } from '@bwki/pod-mutator';

import { EditedDocument, type Before } from './edited-document.ts';
import { parsePointer } from './json-pointer.ts';

/**
 * Applies a JSON Patch to a document's nodes. Returns what the text still holds of them.
 *
 * @throws TypeError where an operation names nothing in the document: the patch was made for another one.
 */
export function patchDocument(document: Document, patch: readonly JsonPatchOperation[]): Before {
  const edited = new EditedDocument(document);
  for (const operation of patch) {
    switch (operation.op) {
      case 'add':
        add(edited, operation.path, edited.nodeFor(operation.value));
        break;
      case 'remove':
        remove(edited, operation.path);
        break;
      case 'replace': {
        const { parent, token } = locate(edited, operation.path);
        const node = edited.nodeFor(operation.value);
        if (isSeq(parent)) {
          edited.remove(parent, token);
          edited.insertElement(parent, Number(token), node);
        } else edited.setEntry(parent, token, node);
        break;
      }
      case 'move':
        add(edited, operation.path, remove(edited, operation.from));
        break;
    }
  }
  return edited.before;
}

function add(edited: EditedDocument, path: string, node: Node): void {
  const { parent, token } = locate(edited, path);
  if (isSeq(parent)) edited.insertElement(parent, token === '-' ? parent.items.length : Number(token), node);
  else edited.setEntry(parent, token, node);
}

function remove(edited: EditedDocument, path: string): Node {
  const { parent, token } = locate(edited, path);
  return edited.remove(parent, token);
}

function locate(
  edited: EditedDocument,
  path: string,
): { readonly parent: ReturnType<EditedDocument['collectionAt']>; readonly token: string } {
  const steps = parsePointer(path);
  return { parent: edited.collectionAt(steps.slice(0, -1)), token: steps.at(-1) ?? '' };
}
