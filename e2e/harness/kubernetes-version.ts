import { programsOf, type Programs, type Toolbox } from './tool-sets.ts';

/** Minor versions of Kubernetes that the tests run. */
export type KubernetesVersion = '1.37' | '1.24';

/** What a control plane is made of; the store and kubectl are the newest ones whatever its version. */
export function controlPlanePrograms(
  toolbox: Toolbox,
  version: KubernetesVersion,
): Programs<'control-plane-1.37'> {
  const newest = programsOf(toolbox, 'control-plane-1.37');
  return version === '1.37' ? newest : { ...newest, ...programsOf(toolbox, 'control-plane-1.24') };
}

/** The kubelet and the scheduler. */
export function nodePrograms(toolbox: Toolbox, version: KubernetesVersion): Programs<'node-1.37'> {
  return programsOf(toolbox, `node-${version}`);
}
