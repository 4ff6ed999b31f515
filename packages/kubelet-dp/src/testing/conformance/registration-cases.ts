import assert from 'node:assert/strict';
import { join } from 'node:path';

import type { ServiceError } from '@grpc/grpc-js';

import { kubeletBehaviour } from '../kubelet-versions.ts';
import { eventually, showsEventually } from './eventually.ts';
import { firstAuthority } from './first-authority.ts';
import type { ConformanceCase, KubeletUnderTest } from './kubelet-under-test.ts';
import { healthyDevices, RawPlugin, startRawPlugin } from './raw-plugin.ts';

/** Names that no version takes. */
const badNames: readonly string[] = [
  'no-domain',
  'kubernetes.io/device',
  'devices.kubernetes.io/device',
  'requests.conformance.example/device',
  'Conformance.example/device',
  'conformance.example/-device',
  'conformance.example/a/device',
  `conformance.example/${'d'.repeat(64)}`,
];

export const registrationCases: readonly ConformanceCase[] = [
  {
    name: 'the authority it dials with',
    run: async (kubelet) => {
      const { directory, dialTimeoutMs } = kubelet;
      const plugin = new RawPlugin({ directory, resourceName: 'conformance.example/authority' });
      const sent = await firstAuthority(
        plugin.socketPath,
        () => plugin.register(),
        dialTimeoutMs + kubelet.patienceMs,
      );
      const { authority } = kubeletBehaviour(kubelet.version);
      assert.equal(
        sent,
        authority === 'localhost' ? 'localhost' : join(kubelet.ownDirectory, plugin.endpoint),
      );
    },
  },
  {
    name: 'a plugin that does not listen: Register fails where it dials back in it, else it succeeds',
    run: async (kubelet) => {
      const plugin = new RawPlugin({
        directory: kubelet.directory,
        resourceName: 'conformance.example/silent',
      });
      if (kubeletBehaviour(kubelet.version).dialsBack === 'after-register') await plugin.register();
      else await refused(plugin.register(), /^failed to dial device plugin: context deadline exceeded/);
    },
  },
  {
    name: 'a plugin that listens later than it registers is reached',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/late';
      await using plugin = new RawPlugin({
        directory: kubelet.directory,
        resourceName,
        devices: healthyDevices(2),
      });
      const registered = plugin.register();
      await plugin.listen();
      await registered;
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
    },
  },
  {
    name: 'the options: asked in the dial-back, or taken from Register',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/options';
      await using plugin = await startRawPlugin({
        directory: kubelet.directory,
        resourceName,
        devices: healthyDevices(1),
      });
      const asked = kubeletBehaviour(kubelet.version).options === 'asked' ? 1 : 0;
      assert.equal(plugin.calls.options.length, asked, 'calls when Register was answered');
      await showsEventually(kubelet, resourceName, { capacity: 1, allocatable: 1 });
      assert.equal(plugin.calls.options.length, asked, 'calls in all');
    },
  },
  {
    name: 'options that cannot be had fail Register with the status, where they are asked',
    run: async (kubelet) => {
      const askedOptions = (): never => {
        throw new Error('no options today');
      };
      const { directory } = kubelet;
      const resourceName = 'conformance.example/optionless';
      await using plugin = new RawPlugin({ directory, resourceName, askedOptions });
      await plugin.listen();
      if (kubeletBehaviour(kubelet.version).options === 'from-register') await plugin.register();
      else await refused(plugin.register(), optionsRefused);
    },
  },
  {
    name: 'another API version is refused',
    run: async (kubelet) => {
      await refused(register(kubelet, { version: 'v1alpha1' }), /^requested API version "v1alpha1" is not/);
      await refused(
        register(kubelet, { version: '' }),
        'requested API version "" is not supported by kubelet. Supported version is ["v1beta1"]',
      );
    },
  },
  {
    name: 'a name that is no extended resource is refused',
    run: async (kubelet) => {
      for (const resourceName of badNames) {
        await refused(
          register(kubelet, { resourceName }),
          `the ResourceName ${JSON.stringify(resourceName)} is invalid`,
        );
      }
    },
  },
  {
    name: 'a name of 63 characters is taken',
    run: async (kubelet) => {
      const resourceName = `conformance.example/${'n'.repeat(63)}`;
      const { directory } = kubelet;
      const devices = healthyDevices(1);
      await using plugin = await startRawPlugin({ directory, resourceName, devices, endpoint: 'n.sock' });
      await showsEventually(kubelet, resourceName, { capacity: 1, allocatable: 1 });
      assert.equal(plugin.calls.listAndWatch.length, 1, 'streams');
    },
  },
  {
    name: 'a live socket that registers again is refused where connections are kept by socket',
    run: async (kubelet) => {
      const resourceName = 'conformance.example/twice';
      const { directory } = kubelet;
      await using plugin = await startRawPlugin({ directory, resourceName, devices: healthyDevices(2) });
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
      const isKept = kubeletBehaviour(kubelet.version).streamEnd === 'each-socket';
      if (!isKept) {
        await plugin.register();
        await eventually(kubelet, () => {
          assert.equal(plugin.calls.listAndWatch.length, 2, 'streams');
        });
        return;
      }
      await refused(
        plugin.register(),
        `device plugin already connected: ${join(kubelet.ownDirectory, plugin.endpoint)}`,
      );
      // The refusal has made the kubelet forget whom the stream belongs to: its end goes unseen.
      await plugin.stop();
      await using marker = await startRawPlugin({
        directory,
        resourceName: 'conformance.example/twice-marker',
        devices: healthyDevices(1),
      });
      await showsEventually(kubelet, 'conformance.example/twice-marker', { capacity: 1, allocatable: 1 });
      await showsEventually(kubelet, resourceName, { capacity: 2, allocatable: 2 });
      await marker.stop();
    },
  },
];

const optionsRefused =
  'failed to get device plugin options: rpc error: code = InvalidArgument desc = no options today';

async function register(
  { directory }: KubeletUnderTest,
  changed: { readonly version?: string; readonly resourceName?: string },
): Promise<void> {
  const plugin = new RawPlugin({ directory, resourceName: 'conformance.example/refused' });
  await plugin.register(changed);
}

async function refused(registered: Promise<void>, details: string | RegExp): Promise<void> {
  await assert.rejects(registered, (error: ServiceError) => {
    assert.equal(error.code, 2, 'status UNKNOWN');
    if (typeof details === 'string') assert.equal(error.details, details);
    else assert.match(error.details, details);
    return true;
  });
}
