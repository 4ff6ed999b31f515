/** The harness itself: a whole cluster of the newest Kubernetes, and what is left of it. @needs cluster-1.37 */
import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { run, type OneNodeCluster } from '../harness/index.ts';
import { allocatableIs, runBusybox } from './support/busybox-pod.ts';
import { describeCluster } from './support/describe-cluster.ts';
import { hasOwnControlPlane, ownCluster } from './support/open-cluster.ts';
import { processesWith } from './support/processes.ts';
import { startRawDevicePlugin } from './support/raw-device-plugin.ts';

const resourceName = 'bitfusion.io/gpu';

describeCluster('1.37', (cluster) => {
  it('counts the devices of a plain gRPC server, and gives them to a pod, before and after a restart', async () => {
    await using plugin = await startRawDevicePlugin({
      directory: cluster().devicePluginDirectory,
      resourceName,
      ids: Array.from({ length: 1000 }, (_, index) => `unit-${index}`),
      env: { FROM_PLUGIN: 'yes' },
    });
    await plugin.register();
    await allocatableIs(cluster(), resourceName, '1k');
    const pod = await runBusybox(cluster(), 'echo $FROM_PLUGIN', { limits: { [resourceName]: '50' } });
    await pod.reaches('Succeeded');
    expect(await pod.log()).toBe('yes\n');

    await cluster().restartKubelet();
    await allocatableIs(cluster(), resourceName, '0');
    await plugin.register();
    await allocatableIs(cluster(), resourceName, '1k');
  });
});

describe.runIf(hasOwnControlPlane())('the end of a cluster', () => {
  it('leaves no process, interface, address, cgroup or file', async () => {
    const addresses = () => run('ip', ['-brief', 'address']);
    const before = await addresses();
    const cluster = await ownCluster();
    await (await runBusybox(cluster, 'sleep 600')).reaches('Running');
    const directory = dirname(cluster.kubeletDirectory);
    expect(await processesWith(directory)).not.toEqual([]);
    expect(await cgroupsOf(cluster)).not.toEqual([]);
    expect(await addresses()).not.toBe(before);

    const started = performance.now();
    await cluster[Symbol.asyncDispose]();
    console.log(`cluster ended after ${(performance.now() - started).toFixed(0)} ms`);
    expect(await processesWith(directory)).toEqual([]);
    expect(await cgroupsOf(cluster)).toEqual([]);
    expect(await addresses()).toBe(before);
    await expect(access(directory)).rejects.toThrow('ENOENT');
  });
});

/** Its names in every hierarchy of cgroup v1, or in that of v2. */
async function cgroupsOf(cluster: OneNodeCluster): Promise<readonly string[]> {
  const root = '/sys/fs/cgroup';
  const folders = [root, ...(await readdir(root)).map((name) => join(root, name))];
  const names = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  return names.flat().filter((name) => name === cluster.cgroup);
}
