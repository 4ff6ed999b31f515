import { annotations } from './annotations.ts';
import type { ClientCatalog, ClientEntry } from './catalog.ts';
import { notSupported, quoteNames, required } from './field-error.ts';
import type { FieldPath } from './field-path.ts';
import type { Findings } from './findings.ts';
import type { PodAnnotations } from './pod-annotations.ts';
import { quote } from './quote.ts';

/**
 * The client that a pod chooses (B2). Neither annotation: the catalog's default. Only the os: its newest packaged
 * version, since that an image was built with a client must be said. Only the version: the default os. Undefined,
 * with an error that lists what there is, where the catalog has no such client.
 */
export function readClient(
  podAnnotations: PodAnnotations,
  catalog: ClientCatalog,
  findings: Findings,
): ClientEntry | undefined {
  const errorsBefore = findings.errors.length;
  const givenOs = podAnnotations.read(annotations.os);
  const givenVersion = podAnnotations.read(annotations.version);
  if (findings.errors.length > errorsBefore) return undefined;

  const os = givenOs ?? catalog.default.os;
  const ofOs = catalog.entries.filter((entry) => entry.os === os);
  if (ofOs.length === 0) {
    const path = podAnnotations.path(annotations.os);
    const supported = [...new Set(catalog.entries.map((entry) => entry.os))];
    findings.errors.push(notSupported(path, 'SPEC_CLIENT_UNSUPPORTED', os, supported));
    return undefined;
  }
  const versionPath = (): FieldPath => podAnnotations.path(annotations.version);
  const versions = (): string[] => ofOs.map((entry) => entry.version);

  if (givenOs !== undefined && givenVersion === undefined) {
    const newest = newestPackaged(ofOs);
    if (newest === undefined) {
      const detail = `there is no packaged client for ${quote(os)}, choose one of ${quoteNames(versions())}`;
      findings.errors.push(required(versionPath(), 'SPEC_CLIENT_VERSION_REQUIRED', detail));
    }
    return newest;
  }
  const version = givenVersion ?? catalog.default.version;
  const client = ofOs.find((entry) => entry.version === version);
  if (client === undefined) {
    const scope = ` for ${quote(os)}`;
    findings.errors.push(notSupported(versionPath(), 'SPEC_CLIENT_UNSUPPORTED', version, versions(), scope));
  }
  return client;
}

/** By number, so that 1000 is newer than 450; a version that is no number is older than each that is. */
function newestPackaged(entries: readonly ClientEntry[]): ClientEntry | undefined {
  let newest: ClientEntry | undefined;
  let newestNumber = -1;
  for (const entry of entries) {
    if (entry.kind !== 'package') continue;
    const number = versionNumber(entry.version) ?? 0;
    if (number <= newestNumber) continue;
    newest = entry;
    newestNumber = number;
  }
  return newest;
}

/** A version such as `450` as a number; undefined for one of another form, such as `preinstalled`. */
export function versionNumber(version: string): number | undefined {
  return /^\d+$/.test(version) ? Number(version) : undefined;
}
