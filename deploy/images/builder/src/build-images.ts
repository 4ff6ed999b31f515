import { buildCommand, type Engine } from './engine.ts';
import type { ImageName } from './images.ts';
import { prepareImage, type PrepareOptions } from './prepare-image.ts';

/** The images that a cluster pulls. */
export type ProductImage = Exclude<ImageName, 'node-base'>;

export interface BuildOptions extends PrepareOptions {
  readonly engine: Engine;
  /** Full names, with their tags. */
  readonly references: Readonly<Record<ProductImage, string>>;
  /** A Node image for the two programs; undefined: one is made of this machine's libraries and npm's Node. */
  readonly nodeBase: string | undefined;
  /** Runs a command to its end with its output shown. @throws where it fails */
  readonly execute: (command: readonly string[]) => Promise<void>;
}

/** Builds the three images, and the base of two of them where none is given. */
export async function buildImages(options: BuildOptions): Promise<void> {
  const { references } = options;
  const nodeBase = options.nodeBase ?? (await buildNodeBase(options));
  await buildImage('webhook', references.webhook, options, { BASE: nodeBase });
  await buildImage('device-plugin', references['device-plugin'], options, { BASE: nodeBase });
  await buildImage('bitfusion-client', references['bitfusion-client'], options);
}

async function buildNodeBase(options: BuildOptions): Promise<string> {
  // Of this machine only: nobody pushes it by this name.
  const reference = 'localhost/bwki/node-base:latest';
  await buildImage('node-base', reference, options);
  return reference;
}

async function buildImage(
  name: ImageName,
  reference: string,
  options: BuildOptions,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const prepared = await prepareImage(name, options);
  const buildArguments = { ...prepared.buildArguments, ...more };
  const { engine, epoch } = options;
  await options.execute(buildCommand(engine, { ...prepared, reference, buildArguments, epoch }));
}
