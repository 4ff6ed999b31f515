import { visit } from 'yaml';

import type { CliErrorCode } from '../cli-error-codes.ts';
import type { Fault } from '../fault.ts';
import type { ManifestDocument, ManifestFile } from '../manifest/manifest-file.ts';

const code: CliErrorCode = 'JSON_NUMBER_INEXACT';

/** Numbers of a document that JSON would not say as they are: integers above 2^53, infinities. */
export function inexactNumbers(file: ManifestFile, { yaml, number }: ManifestDocument): readonly Fault[] {
  const faults: Fault[] = [];
  visit(yaml, {
    Scalar(_, { value, source = '', range }) {
      if (typeof value !== 'number') return;
      const isInteger = /^[-+]?(?:0[xXoObB][\da-fA-F_]+|[\d_]+)$/.test(source);
      if (Number.isFinite(value) && (!isInteger || Number.isSafeInteger(value))) return;
      faults.push({
        code,
        message: `${source} would be ${JSON.stringify(value)} in JSON: quote it, or use -o yaml`,
        file: file.name,
        document: number,
        position: file.positionAt(range?.[0] ?? 0),
      });
    },
  });
  return faults;
}
