import { annotations } from './annotations.ts';
import type { ClientCatalog, ClientEntry } from './catalog.ts';
import { notSupported, quoteNames, required, type FieldError } from '../findings/field-error.ts';
import type { Findings } from '../findings/findings.ts';
import type { PodAnnotations } from './pod-annotations.ts';
import { quote } from '../findings/quote.ts';

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
  const version = givenOs === undefined ? (givenVersion ?? catalog.default.version) : givenVersion;
  const client =
    version === undefined
      ? newestPackaged(catalog, os)
      : catalog.entries.find((entry) => entry.os === os && entry.version === version);
  if (client === undefined) findings.errors.push(notInCatalog(podAnnotations, catalog, os, version));
  return client;
}

/** By number, so that 1000 is newer than 450; a version that is no number is older than each that is. */
function newestPackaged(catalog: ClientCatalog, os: string): ClientEntry | undefined {
  let newest: ClientEntry | undefined;
  let newestNumber = -1;
  for (const entry of catalog.entries) {
    if (entry.os !== os || entry.kind !== 'package') continue;
    const number = versionNumber(entry.version) ?? 0;
    if (number <= newestNumber) continue;
    newest = entry;
    newestNumber = number;
  }
  return newest;
}

/** The fault is the os where none of its clients is known, else the version. */
function notInCatalog(
  podAnnotations: PodAnnotations,
  catalog: ClientCatalog,
  os: string,
  version: string | undefined,
): FieldError {
  const versions = catalog.entries.filter((entry) => entry.os === os).map((entry) => entry.version);
  if (versions.length === 0) {
    const systems = [...new Set(catalog.entries.map((entry) => entry.os))];
    return notSupported(podAnnotations.path(annotations.os), 'SPEC_CLIENT_UNSUPPORTED', os, systems);
  }
  const path = podAnnotations.path(annotations.version);
  if (version === undefined) {
    const detail = `there is no packaged client for ${quote(os)}, choose one of ${quoteNames(versions)}`;
    return required(path, 'SPEC_CLIENT_VERSION_REQUIRED', detail);
  }
  return notSupported(path, 'SPEC_CLIENT_UNSUPPORTED', version, versions, ` for ${quote(os)}`);
}

/** A version such as `450` as a number; undefined for one of another form, such as `preinstalled`. */
export function versionNumber(version: string): number | undefined {
  return /^\d+$/.test(version) ? Number(version) : undefined;
}
