import type { Programs } from '../../harness/index.ts';
import { toolsOfRun } from './tools-of-run.ts';

/** Helm, kustomize, kubeconform and kubectl; the test file's first comment says `@needs deploy-tools`. */
export function deployTools(): Programs<'deploy-tools'> & Pick<Programs<'control-plane-1.37'>, 'kubectl'> {
  return { ...toolsOfRun('deploy-tools'), kubectl: toolsOfRun('control-plane-1.37').kubectl };
}
