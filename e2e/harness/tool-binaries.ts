import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';

/** Absolute paths of the programs that a control plane is made of. */
export interface ToolBinaries {
  readonly etcd: string;
  readonly 'kube-apiserver': string;
  readonly 'kube-controller-manager': string;
  readonly kubectl: string;
}

export type ToolName = keyof ToolBinaries;

/** Minor versions of Kubernetes that the tests run. */
export type KubernetesVersion = '1.37';

export type Toolbox = Readonly<Record<KubernetesVersion, ToolBinaries>>;

export const toolNames: readonly ToolName[] = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kubectl',
];

/** Those of the programs that `directory` has, as executables. */
export async function findTools(directory: string): Promise<Partial<ToolBinaries>> {
  const found = await Promise.all(
    toolNames.map(async (name) => {
      const file = join(directory, name);
      const runs = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      return runs ? [[name, file] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}

export function areComplete(tools: Partial<ToolBinaries>): tools is ToolBinaries {
  return toolNames.every((name) => tools[name] !== undefined);
}
