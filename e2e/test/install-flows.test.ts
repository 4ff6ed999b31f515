/** Everything installed as docs/install.md says, on a cluster with a node. @needs cluster-1.37 images deploy-tools */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  clusterBeforeInstall,
  installCommands,
  type AdministeredCluster,
} from './support/installed-cluster.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';

describe.runIf(hasOwnControlPlane())('everything, installed by the commands of docs/install.md', () => {
  let administered: AdministeredCluster;
  let sh: AdministeredCluster['shell']['sh'];

  beforeAll(async () => {
    administered = await clusterBeforeInstall();
    ({ sh } = administered.shell);
  }, 600_000);
  afterAll(() => administered[Symbol.asyncDispose]());

  it('is ready when Helm has waited for it', async () => {
    const started = performance.now();
    await sh(installCommands.install);
    console.log(`installed after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    expect(await sh('kubectl get pods -n bwki --no-headers')).toMatch(/^(\S+ +1\/1 +Running .*\n){2}$/);
  }, 300_000);
});
