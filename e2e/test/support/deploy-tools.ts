import { inject } from 'vitest';

import { programsOf, type Programs } from '../../harness/index.ts';

/** Helm, kustomize, kubeconform and kubectl; the test file's first comment says `@needs deploy-tools`. */
export function deployTools(): Programs<'deploy-tools'> & Pick<Programs<'control-plane-1.37'>, 'kubectl'> {
  const e2e = inject('e2e');
  if (e2e.kind === 'existing') throw new Error('this test has to start a control plane of its own');
  const { kubectl } = programsOf(e2e.tools, 'control-plane-1.37');
  return { ...programsOf(e2e.tools, 'deploy-tools'), kubectl };
}
