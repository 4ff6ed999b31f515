import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startComponent, type Component, type ControlPlane } from '../../harness/index.ts';
import { applyDefinitions } from './definitions.ts';
import { toolsOfRun } from './tools-of-run.ts';

/**
 * cert-manager's own controllers, as an administrator; its CustomResourceDefinitions are there before. The test file's
 * first comment says `@needs cert-manager`.
 */
export async function startCertManager(plane: ControlPlane): Promise<Component> {
  const tools = toolsOfRun('cert-manager');
  await applyDefinitions(plane, tools['cert-manager-crds']);
  const logFile = join(plane.directory, 'cert-manager.log');
  return startComponent({
    name: 'cert-manager',
    binary: tools['cert-manager'],
    args: [`--kubeconfig=${plane.kubeconfigPath}`],
    logFile,
    isReady: async () => (await readFile(logFile, 'utf8')).includes('Starting workers'),
    readyWithin: 30_000,
  });
}

/** Has a certificate renewed now, as `cmctl renew` does; resolves when its secret has the new one. */
export async function renew(
  sh: (text: string) => Promise<string>,
  namespace: string,
  certificate: string,
): Promise<void> {
  const issuing = { type: 'Issuing', status: 'True', reason: 'ManuallyTriggered', message: 'by a test' };
  const patch = JSON.stringify([{ op: 'add', path: '/status/conditions/-', value: issuing }]);
  const of = `-n ${namespace} certificate ${certificate}`;
  const revision = Number(await sh(`kubectl get ${of} -o jsonpath={.status.revision}`));
  await sh(`kubectl patch ${of} --subresource=status --type=json -p '${patch}'`);
  await sh(`kubectl wait ${of} --for=jsonpath='{.status.revision}'=${revision + 1} --timeout=60s`);
}
