import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { run } from '../run.ts';
import { buildImage, type ImageOptions } from './build-image.ts';

export interface BaseImageOptions extends Pick<ImageOptions, 'cacheDirectory' | 'workDirectory'> {
  /** A busybox that needs no library, as Debian's busybox-static has it. */
  readonly busybox: string;
}

/** The archives of the images that every cluster of the tests starts with. */
export interface BaseImages {
  /** `localhost/busybox:1` */
  readonly busybox: string;
  /** `localhost/pause:1` */
  readonly pause: string;
}

const containerfiles = join(import.meta.dirname, '../../images');

export async function buildBaseImages(options: BaseImageOptions): Promise<BaseImages> {
  const context = await mkdtemp(join(options.workDirectory, 'busybox-'));
  try {
    const bin = join(context, 'bin');
    await mkdir(bin);
    await copyFile(options.busybox, join(bin, 'busybox'));
    const applets = (await run(options.busybox, ['--list'])).trim().split('\n');
    for (const applet of applets) if (applet !== 'busybox') await symlink('busybox', join(bin, applet));
    const build = (name: 'busybox' | 'pause'): Promise<string> =>
      buildImage({
        ...options,
        name: `localhost/${name}:1`,
        containerfile: join(containerfiles, name, 'Containerfile'),
        context,
      });
    return { busybox: await build('busybox'), pause: await build('pause') };
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
