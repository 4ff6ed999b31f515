import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { writeStandInPackage } from '@bwki/bitfusion-cli-wrap/testing';
import type { PackagedClient } from '@bwki/spec-parser';

import { writeScript } from './shell-script.ts';

/** The client image as far as a pod sees it, with the stand-in in each package. */
export interface ClientImage {
  /** Its `/bwki`: the populating script, the launcher, a busybox. */
  readonly tools: string;
  /** Its `/bitfusion`: a directory for each package. */
  readonly packages: string;
}

/** Makes the image below a directory from the project's own scripts, which are in `scripts`. */
export async function makeClientImage(
  directory: string,
  scripts: string,
  clients: readonly PackagedClient[],
): Promise<ClientImage> {
  const image = { tools: join(directory, 'bwki'), packages: join(directory, 'bitfusion') };
  await mkdir(image.tools, { recursive: true });
  for (const script of ['populate', 'launcher']) {
    await copyFile(join(scripts, script), join(image.tools, script));
  }
  await writeScript(join(image.tools, 'busybox'), busybox);
  for (const client of clients) {
    await writeStandInPackage(join(image.packages, client.package), client.libraryPath);
  }
  return image;
}

/** `busybox APPLET ARGUMENT…` by this machine's own tools, whatever PATH says. */
const busybox: readonly string[] = [
  'applet=$1',
  'shift',
  'for directory in /usr/bin /bin /usr/local/bin; do',
  '  [ ! -x "$directory/$applet" ] || exec "$directory/$applet" "$@"',
  'done',
  'echo "no $applet on this machine" >&2',
  'exit 127',
];
