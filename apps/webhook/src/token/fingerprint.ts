import { createHash } from 'node:crypto';

import type { Secret } from './secret-api.ts';

/** The same for two secrets with the same data; the data itself need not be kept to compare it. */
export function fingerprint({ data = {} }: Secret): string {
  const entries = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('base64');
}
