/**
 * The paths of an injected pod, most of which the client has built in. The populate script of the client image fills
 * the volume to the same layout. Names by which an injected pod is recognised are in `@bwki/spec-parser`.
 */

/** Annotation value that says a pod was mutated (B5). Written for people, never read. */
export const injectedStatus = 'injected';

/** Where the populating step finds its script and the two volumes. */
export const populateCommand = '/bwki/populate';
export const populateVolumePath = '/bwki/volume';
/**
 * Where Kubernetes keeps a container's credentials. A mount that is there makes the API server leave the step alone: it
 * would mount the pod's API token, which the step has no use for, and then call every webhook again for the change.
 */
export const populateTokenPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Where every image finds the client by name (B36). */
export const launcherPath = '/usr/local/bin/bitfusion';
export const packagesPath = '/bitfusion';
export const optPath = '/opt/bitfusion';
export const etcPath = '/etc/bitfusion';

/** Paths inside `bwki-client`. */
export const packagesSubPath = 'bitfusion';
export const launcherSubPath = 'bin/bitfusion';
/** A link to the package's `opt/bitfusion`: the API server pays for every byte of a longer path (B43). */
export const optSubPath = 'opt';

/** Paths inside `bwki-token`; what lies under `etc` is what `/etc/bitfusion` shows. */
export const etcSubPath = 'etc';
export const caFile = 'tls/ca.crt';
export const serversFile = 'servers.conf';
export const clientFile = 'client.yaml';

/** Name of a variable that `libraryPath: env` moves aside when its value comes from elsewhere (B37). */
export const originalLibraryPath = 'BWKI_ORIGINAL_LD_LIBRARY_PATH';

/** Where the client keeps and writes its own files, below the home directory of B4. */
export function clientHome(home: string): string {
  return [home === '/' ? '' : home, '.bitfusion'].join('/');
}
