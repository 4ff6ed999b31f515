import { realpath } from 'node:fs/promises';

import { PackageURL } from 'packageurl-js';

import { runProgram } from './run-program.ts';
import type { Part } from './software-bill.ts';

/** The Debian package of a file of this machine. */
export interface SystemPackage {
  readonly part: Part;
  /** The text that its authors ask to be handed on. */
  readonly copyrightFile: string;
}

/** The package that installed a file; undefined where no package of dpkg's did. */
export async function systemPackageOf(file: string): Promise<SystemPackage | undefined> {
  const real = await realpath(file);
  // dpkg knows a file by the path that its package has, from before or after /lib became a link to /usr/lib.
  for (const path of [file, real, real.replace(/^\/usr\//, '/'), `/usr${file}`]) {
    const owner = (await runProgram('dpkg-query', ['--search', path])).stdout.split(': ', 1)[0];
    if (owner === undefined || owner === '' || owner.includes(',')) continue;
    const format = '${Package}\t${Version}\t${Architecture}';
    const shown = await runProgram('dpkg-query', ['--show', `--showformat=${format}`, owner]);
    const [name = '', version = '', arch = ''] = shown.stdout.split('\t');
    const purl = new PackageURL('deb', 'debian', name, version, { arch }).toString();
    return {
      part: { kind: 'library', name, version, purl },
      copyrightFile: `/usr/share/doc/${name}/copyright`,
    };
  }
  return undefined;
}
