import { join } from 'node:path';

import { rolldown } from 'rolldown';

import { packagesOf, type BundledPackage } from './bundled-packages.ts';

/** A program as one file, and what went into it. */
export interface Bundle {
  /** The ES module; it imports nothing but Node's own modules. */
  readonly code: string;
  /** Every package with at least a line in it, in the order of their names. */
  readonly packages: readonly BundledPackage[];
}

/**
 * Bundles an app of this workspace from its sources, without a build before. The same sources give the same bytes.
 *
 * @param app the directory of its package; its program is `src/main.ts`
 * @throws where an import cannot be resolved
 */
export async function bundleApp(app: string): Promise<Bundle> {
  const build = await rolldown({
    input: join(app, 'src/main.ts'),
    platform: 'node',
    resolve: { conditionNames: ['@bwki/source', 'node', 'import', 'default'] },
    // The library does not say so itself: its modules only declare, among them a class for each kind of Kubernetes.
    treeshake: { moduleSideEffects: [{ test: /\/@kubernetes\/client-node\//, sideEffects: false }] },
    onLog: (level, log) => {
      // An import that is left would be missing in the image. Other warnings are of packages, and not ours to mend.
      if (level === 'warn' && log.code === 'UNRESOLVED_IMPORT') throw new Error(log.message);
    },
  });
  const { output } = await build.generate({
    format: 'esm',
    codeSplitting: false,
    comments: false,
    minify: {
      compress: true,
      // Names and lines stay, so that a stack trace can be read without a map.
      mangle: false,
      // V8 takes two bytes for each character of a source that has one beyond Latin-1: 4 MB more memory.
      codegen: { removeWhitespace: false, asciiOnly: true },
    },
  });
  await build.close();
  const [chunk, ...more] = output;
  if (more.length > 0)
    throw new Error(`${app} does not fit into one file: ${more.map((file) => file.fileName).join(', ')}`);
  const modules = Object.entries(chunk.modules)
    .filter(([, { renderedLength }]) => renderedLength > 0)
    .map(([path]) => path);
  return { code: chunk.code, packages: await packagesOf(modules) };
}
