import { run } from '../run.ts';

/**
 * The cable between the run's network and its node, and what is reached over it. One node at a time, in a network
 * namespace of the run's own: so the addresses can be fixed.
 */
export const nodeNetwork = {
  /** The end of the control plane: what the API server advertises. */
  controlPlaneAddress: '172.31.255.1',
  nodeAddress: '172.31.255.2',
  prefixLength: 30,
  podCidr: '10.244.0.0/24',
  /** The Service `kubernetes`, first of `serviceCidr`; no kube-proxy leads there, the address is the run's own. */
  apiServiceAddress: '10.96.0.1',
} as const;

const outside = 'bwki-node';
const inside = 'eth0';

/** Connects the network namespace of the process `pid`; disposed of, both ends and the routes over them are gone. */
export async function connectNode(pid: number): Promise<AsyncDisposable> {
  const { controlPlaneAddress, nodeAddress, prefixLength, podCidr, apiServiceAddress } = nodeNetwork;
  const ip = (...args: readonly string[]): Promise<string> => run('ip', args);
  const ipInside = (...args: readonly string[]): Promise<string> =>
    run('nsenter', [`--net=/proc/${pid}/ns/net`, 'ip', ...args]);

  await using failed = new AsyncDisposableStack();
  await ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', String(pid));
  failed.defer(async () => {
    await ip('link', 'delete', outside);
  });
  await ip('address', 'add', `${controlPlaneAddress}/${prefixLength}`, 'dev', outside);
  await ip('link', 'set', outside, 'up');
  await ipInside('address', 'add', `${nodeAddress}/${prefixLength}`, 'dev', inside);
  await ipInside('link', 'set', inside, 'up');
  await ipInside('route', 'add', 'default', 'via', controlPlaneAddress);
  await ip('route', 'add', podCidr, 'via', nodeAddress);
  await ip('address', 'add', `${apiServiceAddress}/32`, 'dev', 'lo');
  failed.defer(async () => {
    await ip('address', 'delete', `${apiServiceAddress}/32`, 'dev', 'lo');
  });
  return failed.move();
}
