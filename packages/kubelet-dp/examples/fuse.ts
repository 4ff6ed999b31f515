import { DeviceStore, serveDevicePlugin } from '../src/index.ts';

// Lets ten containers of this node at a time mount FUSE file systems without being privileged.
const slots = new DeviceStore(
  Array.from({ length: 10 }, (_, slot) => ({ id: `slot-${slot}`, health: 'Healthy' })),
);
const ending = new AbortController();
process.once('SIGTERM', () => {
  ending.abort();
});

const plugin = await serveDevicePlugin(
  {
    resourceName: 'example.com/fuse',
    devices: () => slots,
    allocate: () => ({ devices: [{ hostPath: '/dev/fuse' }] }),
  },
  {
    directory: process.argv[2], // by default the kubelet's own
    signal: ending.signal,
    onEvent: (event) => {
      console.log(JSON.stringify(event));
    },
  },
);
await plugin.ended;
