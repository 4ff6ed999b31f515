import { readFile } from 'node:fs/promises';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';

import { isToolSetName, type ToolSetName } from '../harness/index.ts';

/** What the test files of a run want to be there before it starts. */
export interface Needs {
  readonly tools: readonly ToolSetName[];
  /** Whether one of them starts a node or builds an image: root and Debian's programs. */
  readonly node: boolean;
}

/** What stands for several sets. */
const clusters: Readonly<Record<string, readonly ToolSetName[]>> = {
  'cluster-1.37': ['node-1.37', 'containerd'],
  'cluster-1.24': ['control-plane-1.24', 'node-1.24', 'containerd'],
};

/**
 * Reads the `@needs` of the test files whose path holds one of `filters`, or of all: `@needs cluster-1.37 deploy-tools`
 * in the file's first comment. `control-plane-1.37` is always among them.
 */
export async function readNeeds(root: string, filters: readonly string[]): Promise<Needs> {
  const tools = new Set<ToolSetName>(['control-plane-1.37']);
  let node = false;
  for await (const path of glob('test/**/*.test.ts', { cwd: root })) {
    if (filters.length > 0 && !filters.some((filter) => path.includes(filter))) continue;
    for (const need of needsOf(await readFile(join(root, path), 'utf8'))) {
      const sets = clusters[need] ?? (isToolSetName(need) ? [need] : undefined);
      if (sets === undefined && need !== 'images')
        throw new Error(`${path} needs ${need}, which is not known`);
      for (const set of sets ?? []) tools.add(set);
      node ||= need === 'images' || need in clusters;
    }
  }
  return { tools: [...tools], node };
}

function needsOf(source: string): readonly string[] {
  const comment = /^\/\*\*[\s\S]*?\*\//.exec(source)?.[0] ?? '';
  return /@needs ([^\n*]+)/.exec(comment)?.[1]?.trim().split(/\s+/) ?? [];
}
