import { err, ok, type Result } from '@bwki/plain-data';

import type { Fault } from '../fault.ts';
import type { ManifestFile } from '../manifest/manifest-file.ts';
import type { MutatedDocument } from '../manifest/mutate-manifests.ts';
import type { Style } from '../terminal/style.ts';
import { editYaml, type EditedText } from '../yaml-edit/edit-yaml.ts';
import { colourDiff, fileDiff } from './file-diff.ts';
import { inexactNumbers } from './inexact-numbers.ts';
import { joinManifests } from './join-manifests.ts';

export const injectFormats = ['yaml', 'json', 'patch', 'diff'] as const;

/** `yaml` is the text as it came, be it YAML or JSON, with what changed. */
export type InjectFormat = (typeof injectFormats)[number];

/** The mutated manifests as text. Faults are only found for `json`, which cannot hold every number of YAML. */
export function renderInjected(
  format: InjectFormat,
  files: readonly ManifestFile[],
  documents: readonly MutatedDocument[],
  style: Style,
): Result<string, readonly Fault[]> {
  switch (format) {
    case 'yaml':
      return ok(joinManifests(files.map((file) => edited(file, documents).text)));
    case 'diff':
      return ok(
        files
          .map((file) => colourDiff(fileDiff(file.name, file.text, edited(file, documents)), style))
          .join(''),
      );
    case 'patch':
      return ok(json(patchesOf(documents)));
    case 'json': {
      const faults = documents.flatMap(({ file, document }) => inexactNumbers(file, document));
      return faults.length > 0 ? err(faults) : ok(json(objectsOf(documents)));
    }
  }
}

function edited(file: ManifestFile, documents: readonly MutatedDocument[]): EditedText {
  return editYaml(
    file,
    documents.filter((mutated) => mutated.file === file),
  );
}

/** One object as it is; several as a List, as `kubectl get -o json` prints them. */
function objectsOf(documents: readonly MutatedDocument[]): unknown {
  const objects = documents.map(({ result }) => result).filter((value) => value !== null);
  return objects.length === 1 ? objects[0] : { apiVersion: 'v1', kind: 'List', items: objects };
}

/** The JSON Patch of one object; of several, a list that says to what each belongs. */
function patchesOf(documents: readonly MutatedDocument[]): unknown {
  const objects = documents.filter(({ document }) => document.value !== null);
  const [only] = objects;
  if (only && objects.length === 1) return only.patch;
  return objects.map(({ file, document: { value, number }, patch }) => {
    const { kind, metadata } = value as { readonly kind?: unknown; readonly metadata?: unknown };
    const { namespace, name } = (metadata ?? {}) as { readonly namespace?: unknown; readonly name?: unknown };
    return { file: file.name, document: number, kind, namespace, name, patch };
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
