import { describeQuotaError, parseTotalGpuMemory, type Quantity } from '@bwki/quota-calc';
import { defaultCatalog, type ClientCatalog, type ClientEntry } from '@bwki/spec-parser';
import { z } from 'zod';

import type { Policy, PolicyConfig, TokenSecrets } from './policy.ts';

/** A name that Kubernetes takes for a Secret: an RFC 1123 subdomain. */
const secretName = z
  .string()
  .max(253, 'must be at most 253 characters')
  .regex(
    /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    'must be the name of a Secret: lower case letters, digits, "-" and "."',
  );

const word = z.string().regex(/^[^\s,=]+$/, 'must be one word, without blanks, "," or "="');

const absolutePath = z
  .string()
  .regex(/^(\/(?!\.{1,2}(\/|$))[^/\s:]+)+$/, 'must be an absolute path of a file');

const plainPath = 'letters, digits and ._+~-';

/** The first line of the launcher, `#!/bitfusion/<package>/.bwki/busybox sh`, may have 127 bytes. */
const packageName = z
  .string()
  .max(97, 'must be at most 97 characters')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._+~-]*$/,
    `must be the name of a directory below /bitfusion in the client image: ${plainPath}`,
  );

const relativePath = z
  .string()
  .regex(
    /^(?!\/)(?:(?:^|\/)(?!\.{1,2}(?:\/|$))[A-Za-z0-9._+~-]+)+$/,
    `must be a path inside the package, without "." and "..": ${plainPath}`,
  );

const packagedClient = z.strictObject({
  kind: z.literal('package'),
  os: word,
  version: word,
  package: packageName,
  libraryPath: relativePath,
});

const preinstalledClient = z.strictObject({
  kind: z.literal('preinstalled'),
  os: word,
  version: word,
  binary: absolutePath,
});

const totalGpuMemory = z.union([z.string(), z.number()]).transform((value, context): Quantity | undefined => {
  const total = parseTotalGpuMemory(value);
  if (total.ok) return total.value;
  context.addIssue(describeQuotaError(total.error));
  return z.NEVER;
});

const catalogEntries = z
  .array(z.discriminatedUnion('kind', [packagedClient, preinstalledClient]))
  .min(1, 'must list at least one client');

const settings = z.strictObject({
  totalGpuMemory: totalGpuMemory.optional(),
  clientImage: z
    .string()
    .regex(/^\S+$/, 'must be an image reference, without blanks')
    .default('bitfusion-client:0.1.0'),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  imagePullSecrets: z.array(secretName).superRefine(refuseRepeated).default([]),
  catalog: catalogEntries.default([...defaultCatalog.entries]),
  defaultClient: z.strictObject({ os: word, version: word }).default({ ...defaultCatalog.default }),
  shell: z
    .array(z.string().min(1, 'must not be empty'))
    .min(1, 'must name a shell')
    .default(['/bin/bash', '-c']),
  memoryFlagUnit: z.enum(['MiB', 'MB']).default('MiB'),
  libraryPath: z.enum(['launcher', 'env']).default('launcher'),
  enforce: z.enum(['on', 'warn', 'off']).default('on'),
  tokenSecrets: z
    .union([
      secretName,
      z.strictObject({ 'ca.crt': secretName, 'client.yaml': secretName, 'servers.conf': secretName }),
    ])
    .default('bitfusion-secret'),
});

/** A pod that had a pull secret twice would be refused. */
function refuseRepeated(names: readonly string[], context: z.RefinementCtx): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    context.addIssue({ code: 'custom', path: [index], message: `${JSON.stringify(name)} is listed already` });
  }
}

/** Reads a `PolicyConfig`; the rules that tie two settings together come after those of each. */
export const policySchema: z.ZodType<Policy, PolicyConfig> = settings.transform((value, context): Policy => {
  const catalog: ClientCatalog = { entries: value.catalog, default: value.defaultClient };
  for (const [index, repeated] of repeatedEntries(catalog.entries)) {
    context.addIssue({
      code: 'custom',
      path: ['catalog', index],
      message: `${clientName(repeated)} is in the catalog already`,
    });
  }
  if (!catalog.entries.some((entry) => clientName(entry) === clientName(catalog.default))) {
    context.addIssue({
      code: 'custom',
      path: ['defaultClient'],
      message: `${clientName(catalog.default)} is not in the catalog; it has ${catalog.entries.map(clientName).join(', ')}`,
    });
  }
  return {
    totalGpuMemory: value.totalGpuMemory,
    clientImage: value.clientImage,
    imagePullPolicy: value.imagePullPolicy,
    imagePullSecrets: value.imagePullSecrets,
    catalog,
    shell: value.shell,
    memoryFlagUnit: value.memoryFlagUnit,
    libraryPath: value.libraryPath,
    enforce: value.enforce,
    tokenSecrets: tokenSecretsOf(value.tokenSecrets),
  };
});

function tokenSecretsOf(value: string | TokenSecrets): TokenSecrets {
  return typeof value === 'string' ? { 'ca.crt': value, 'client.yaml': value, 'servers.conf': value } : value;
}

function clientName(client: { readonly os: string; readonly version: string }): string {
  return `${client.os}/${client.version}`;
}

function* repeatedEntries(entries: readonly ClientEntry[]): Generator<readonly [number, ClientEntry]> {
  const seen = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    if (seen.has(clientName(entry))) yield [index, entry];
    seen.add(clientName(entry));
  }
}
