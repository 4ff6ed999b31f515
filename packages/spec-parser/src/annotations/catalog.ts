/** A client that the webhook copies into the pod. */
export interface PackagedClient {
  readonly kind: 'package';
  readonly os: string;
  readonly version: string;
  /** The package's directory below `/bitfusion` in the client image. */
  readonly package: string;
  /** Where the client's shared libraries are, relative to the package's directory. */
  readonly libraryPath: string;
}

/** A client that the container's own image was built with. */
export interface PreinstalledClient {
  readonly kind: 'preinstalled';
  readonly os: string;
  readonly version: string;
  /** Absolute path of the client's command in the image. */
  readonly binary: string;
}

export type ClientEntry = PackagedClient | PreinstalledClient;

/** The clients that a pod may choose from, and the one it gets when it names none (B2). */
export interface ClientCatalog {
  readonly entries: readonly ClientEntry[];
  readonly default: { readonly os: string; readonly version: string };
}

/** Client 2.5 keeps its libraries one level higher than those after it. */
const library250 = 'opt/bitfusion/lib/x86_64-linux-gnu/lib';
const library300 = 'opt/bitfusion/lib/x86_64-linux-gnu/bitfusion/lib';

function packaged(os: string, version: string, directory: string, libraryPath: string): PackagedClient {
  return Object.freeze({ kind: 'package', os, version, package: directory, libraryPath });
}

function preinstalled(os: string): PreinstalledClient {
  return Object.freeze({ kind: 'preinstalled', os, version: 'preinstalled', binary: '/usr/bin/bitfusion' });
}

/** The client packages as they were released, by the names of their files. */
export const defaultCatalog: ClientCatalog = Object.freeze({
  entries: Object.freeze([
    packaged('ubuntu18', '250', 'bitfusion-client-ubuntu1804_2.5.1-13', library250),
    packaged('ubuntu20', '250', 'bitfusion-client-ubuntu2004_2.5.1-13', library250),
    packaged('centos7', '250', 'bitfusion-client-centos7-2.5.0-10', library250),
    packaged('centos8', '250', 'bitfusion-client-centos8-2.5.1-13', library250),
    packaged('ubuntu18', '300', 'bitfusion-client-ubuntu1804_3.0.0-11_amd64.deb', library300),
    packaged('ubuntu20', '300', 'bitfusion-client-ubuntu2004_3.0.0-11_amd64.deb', library300),
    packaged('ubuntu18', '401', 'bitfusion-client-ubuntu1804_4.0.1-5_amd64.deb', library300),
    packaged('ubuntu20', '401', 'bitfusion-client-ubuntu2004_4.0.1-5_amd64.deb', library300),
    packaged('ubuntu18', '450', 'bitfusion-client-ubuntu1804_4.5.0-4_amd64.deb', library300),
    packaged('ubuntu20', '450', 'bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb', library300),
    preinstalled('ubuntu18'),
    preinstalled('ubuntu20'),
    preinstalled('ubuntu22'),
    preinstalled('centos7'),
    preinstalled('centos8'),
  ]),
  default: Object.freeze({ os: 'ubuntu20', version: '450' }),
});
