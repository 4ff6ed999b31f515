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
  /** `IMAGE_SOURCE`: the address for the label; undefined: that of the git remote `origin`. */
  readonly sourceUrl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws where a variable has no value that makes sense */
export function readSettings(environment: Environment): Settings {
  /** An empty variable counts as none, as everywhere in a shell. */
  const given = (name: string): string | undefined =>
    environment[name] === '' ? undefined : environment[name];
  const repository = given('IMAGE_REPO') ?? 'localhost/bwki';
  const tag = given('IMAGE_TAG') ?? '0.1.0';
  const reference = (name: string): string => `${repository}/${name}:${tag}`;
  const seconds = given('SOURCE_DATE_EPOCH');
  if (seconds !== undefined && !/^\d{1,11}$/.test(seconds)) {
    throw new Error(`SOURCE_DATE_EPOCH is '${seconds}': it has to be whole seconds since 1970`);
  }
  return {
    references: {
      webhook: reference(given('WEBHOOK_IMAGE_NAME') ?? 'bitfusion-webhook'),
      'device-plugin': reference(given('DEVICE_IMAGE_NAME') ?? 'bitfusion-device-plugin'),
      'bitfusion-client': reference(given('PKG_IMAGE_NAME') ?? 'bitfusion-client'),
    },
    repository,
    engine: given('ENGINE') ?? '',
    nodeBase: given('NODE_BASE'),
    clientPackages: given('CLIENT_PACKAGES'),
    busybox: given('BUSYBOX') ?? '/bin/busybox',
    epoch: seconds === undefined ? undefined : Number(seconds),
    sourceUrl: given('IMAGE_SOURCE'),
  };
}

/** Where `save-image` puts the archive of an image. */
export function archiveOf(directory: string, reference: string): string {
  return join(directory, `${reference.slice(reference.lastIndexOf('/') + 1).replace(':', '-')}.tar`);
}
