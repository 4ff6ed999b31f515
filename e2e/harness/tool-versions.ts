import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `tools/go.mod` pins, and how it is built. */
export interface ToolVersions {
  /** Kubernetes' own version without the v: `1.37.1`. */
  readonly kubernetes: string;
  readonly buildFlags: readonly string[];
  /** Changes with every module version, flag and platform: builds under one key are interchangeable. */
  readonly key: string;
}

/** The folder of the module whose `tool` directives name what the tests run. */
export const toolsModule: string = join(import.meta.dirname, '../tools');

export async function readToolVersions(): Promise<ToolVersions> {
  const [goMod, goSum] = await Promise.all(
    ['go.mod', 'go.sum'].map((name) => readFile(join(toolsModule, name), 'utf8')),
  );
  const kubernetes = /^\s*k8s\.io\/kubernetes v(\S+)/m.exec(goMod ?? '')?.[1];
  if (goMod === undefined || goSum === undefined || kubernetes === undefined) {
    throw new Error(`${toolsModule}/go.mod does not say which k8s.io/kubernetes it wants`);
  }
  const buildFlags = flagsFor(kubernetes);
  const hash = createHash('sha256');
  for (const part of [goMod, goSum, ...buildFlags, process.platform, process.arch]) hash.update(`${part}\0`);
  return { kubernetes, buildFlags, key: `${kubernetes}-${hash.digest('hex').slice(0, 12)}` };
}

/** Without the linker's variables the components call themselves v0.0.0-master. */
function flagsFor(version: string): readonly string[] {
  const [major, minor] = version.split('.');
  const variables = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
  const settings = Object.entries(variables).map(
    ([name, value]) => `-X k8s.io/component-base/version.${name}=${value ?? ''}`,
  );
  return ['-trimpath', '-ldflags', ['-s', '-w', ...settings].join(' ')];
}
