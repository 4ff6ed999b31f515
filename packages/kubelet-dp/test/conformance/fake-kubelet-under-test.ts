import type { FakeKubelet, KubeletUnderTest } from '../../src/testing/index.ts';

export const dialTimeoutMs = 300;

/** A fake, started with this `dialTimeoutMs`, in the place of a node. */
export function fakeKubeletUnderTest(kubelet: FakeKubelet): KubeletUnderTest {
  const { directory, version } = kubelet;
  return {
    directory,
    ownDirectory: directory,
    version,
    dialTimeoutMs,
    patienceMs: 15_000,
    restart: () => kubelet.restart(),
    capacity: (resourceName) => Promise.resolve(kubelet.capacity(resourceName)),
    allocatable: (resourceName) => Promise.resolve(kubelet.allocatable(resourceName)),
    startPod: async (resourceName, ...counts) => {
      await using held = new AsyncDisposableStack();
      for (const count of counts) {
        const { free } = await kubelet.allocate(resourceName, count);
        held.defer(free);
      }
      const pod = held.move();
      return { remove: () => pod.disposeAsync() };
    },
  };
}
