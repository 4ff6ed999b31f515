import { nodeNetwork } from './network.ts';

/** CNI's configuration: pods on one bridge, reached from outside the node by their own addresses. */
export const podNetwork = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      ipMasq: false,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: nodeNetwork.podCidr }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'loopback' },
  ],
} as const;
