import { PackageURL } from 'packageurl-js';

import { bundleApp } from './bundle-app.ts';
import type { BundledPackage } from './bundled-packages.ts';
import { licensesText } from './licenses-text.ts';
import { readManifest } from './manifest.ts';
import { softwareBill, type Part } from './software-bill.ts';
import type { StagedTree } from './staged-tree.ts';

/**
 * A program as it stands in its image: `/app` is laid out as its npm package is, so that it finds its `package.json`;
 * beside it `/licenses` and `/sbom`.
 *
 * @param app the directory of its package in the workspace
 * @param license the file with this project's own licence
 */
export async function stageApp(tree: StagedTree, app: string, license: string): Promise<void> {
  const { name, version, license: spdx } = await readManifest(app);
  const { code, packages } = await bundleApp(app);
  const short = name.slice(name.indexOf('/') + 1);
  await tree.write(
    'app/package.json',
    `${JSON.stringify({ name, version, license: spdx, type: 'module' }, null, 2)}\n`,
  );
  await tree.write('app/dist/main.js', code, 'program');
  await tree.copy('licenses/bwki.txt', license);
  await tree.write(
    `licenses/${short}-bundled.txt`,
    licensesText(packages.filter((part) => !part.name.startsWith('@bwki/'))),
  );
  await tree.write(
    `sbom/${short}.cdx.json`,
    softwareBill(
      { kind: 'application', name, version, license: spdx },
      packages.filter((part) => part.name !== name).map(partOf),
    ),
  );
}

/** Packages of this workspace are in no registry, so they have no package URL. */
function partOf({ name, version, license }: BundledPackage): Part {
  if (name.startsWith('@bwki/')) return { kind: 'library', name, version, license };
  const [scope, bare = scope] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = new PackageURL('npm', scope, bare ?? name, version).toString();
  return { kind: 'library', name, version, license, purl };
}
