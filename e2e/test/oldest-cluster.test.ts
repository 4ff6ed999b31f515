/** The harness itself: a whole cluster of the oldest Kubernetes that the tests run. @needs cluster-1.24 */
import { expect, it } from 'vitest';

import { poll } from '../harness/index.ts';
import { describeCluster } from './support/describe-cluster.ts';
import { startRawDevicePlugin } from './support/raw-device-plugin.ts';

const resourceName = 'bitfusion.io/gpu';

describeCluster('1.24', (cluster) => {
  // Kubelets up to 1.25 send their socket's path as :authority.
  it('has its kubelet reset by a plain gRPC server of Node as device plugin', async () => {
    await using plugin = await startRawDevicePlugin({
      directory: cluster().devicePluginDirectory,
      resourceName,
      ids: ['unit-0'],
      env: {},
    });
    await plugin.register().catch(() => undefined);
    const log = await poll(
      async () => {
        const text = await cluster().kubeletLog();
        return text.includes('PROTOCOL_ERROR') ? text : undefined;
      },
      { what: 'the kubelet to log the reset', within: 10_000 },
    );
    expect(log).toMatch(/PROTOCOL_ERROR/);
    expect((await cluster().node()).allocatable[resourceName] ?? '0').toBe('0');
  });
});
