import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ApiClient } from '../../harness/index.ts';

interface Definition {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
  readonly [field: string]: unknown;
}

/**
 * Writes what the API server says of the kinds as JSON schemas, in which no field but the known ones may be, and gives
 * the location as kubeconform takes it.
 *
 * @param kinds as `apps/v1 Deployment`
 */
export async function writeSchemas(
  api: ApiClient,
  directory: string,
  kinds: ReadonlySet<string>,
): Promise<string> {
  const { body } = await api.send<{ readonly definitions: Readonly<Record<string, Definition>> }>(
    'GET',
    '/openapi/v2',
  );
  const closed = Object.entries(body.definitions).map(([name, definition]) => {
    const isObject = definition.properties !== undefined;
    return [name, isObject ? { ...definition, additionalProperties: false } : asUsed(name, definition)];
  });
  const definitions = Object.fromEntries(closed) as Readonly<Record<string, unknown>>;
  await mkdir(directory, { recursive: true });
  for (const [name, definition] of Object.entries(body.definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      const apiVersion = group === '' ? version : `${group}/${version}`;
      if (!kinds.has(`${apiVersion} ${kind}`)) continue;
      // As kubeconform reckons the suffix: the group's first label alone.
      const parts = [kind, ...(group === '' ? [] : [group.split('.')[0]]), version];
      const file = join(directory, `${parts.join('-').toLowerCase()}.json`);
      await writeFile(file, JSON.stringify({ $ref: `#/definitions/${name}`, definitions }));
    }
  }
  return join(directory, '{{.ResourceKind}}{{.KindSuffix}}.json');
}

/** Both are written as numbers or as text, whatever the definition's type says. */
function asUsed(name: string, definition: Definition): object {
  return /\.(IntOrString|Quantity)$/.test(name) ? { type: ['string', 'number'] } : definition;
}
