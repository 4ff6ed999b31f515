import { join } from 'node:path';

import type { ProductImage } from './build-images.ts';

/** What the variables of `make build-image`, `push-image` and `save-image` say. */
export interface Settings {
  /** Full names, with their tags. */
  readonly references: Readonly<Record<ProductImage, string>>;
  /** `IMAGE_REPO` */
  readonly repository: string;
  /** `ENGINE`: a container engine with its flags; empty: what there is. */
  readonly engine: string;
  /** `NODE_BASE`: a Node image; undefined: one is made. */
  readonly nodeBase: string | undefined;
  /** `CLIENT_PACKAGES`: a directory of the closed client's packages; undefined: the stand-in. */
  readonly clientPackages: string | undefined;
  /** `BUSYBOX`: the path of a static busybox. */
  readonly busybox: string;
  /** `SOURCE_DATE_EPOCH`, in seconds; undefined: the time of the commit. */
  readonly epoch: number | undefined;
  /** `IMAGE_REVISION`: the commit, where there is no git; undefined: what git says. */
  readonly revision: string | undefined;
  /** `IMAGE_SOURCE`: the address for the label; undefined: that of the git remote `origin`. */
  readonly sourceUrl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws where a variable has no value that makes sense; what make has defaults for has to be there */
export function readSettings(environment: Environment): Settings {
  /** An empty variable counts as none, as everywhere in a shell. */
  const given = (name: string): string | undefined =>
    environment[name] === '' ? undefined : environment[name];
  const required = (name: string): string => {
    const value = given(name);
    if (value === undefined) throw new Error(`${name} is not set: make has defaults, run make build-image`);
    return value;
  };
  const repository = required('IMAGE_REPO');
  const tag = required('IMAGE_TAG');
  const reference = (name: string): string => `${repository}/${name}:${tag}`;
  const seconds = given('SOURCE_DATE_EPOCH');
  if (seconds !== undefined && !/^\d{1,11}$/.test(seconds)) {
    throw new Error(`SOURCE_DATE_EPOCH is '${seconds}': it has to be whole seconds since 1970`);
  }
  return {
    references: {
      webhook: reference(required('WEBHOOK_IMAGE_NAME')),
      'device-plugin': reference(required('DEVICE_IMAGE_NAME')),
      'bitfusion-client': reference(required('PKG_IMAGE_NAME')),
    },
    repository,
    engine: given('ENGINE') ?? '',
    nodeBase: given('NODE_BASE'),
    clientPackages: given('CLIENT_PACKAGES'),
    busybox: given('BUSYBOX') ?? '/bin/busybox',
    epoch: seconds === undefined ? undefined : Number(seconds),
    revision: given('IMAGE_REVISION'),
    sourceUrl: given('IMAGE_SOURCE'),
  };
}

/** Where `save-image` puts the archive of an image. */
export function archiveOf(directory: string, reference: string): string {
  return join(directory, `${reference.slice(reference.lastIndexOf('/') + 1).replace(':', '-')}.tar`);
}
