import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { startComponent, type Component } from '../component.ts';
import type { Programs } from '../tool-sets.ts';
import type { Machine } from './machine.ts';
import { podNetwork } from './pod-network.ts';

export interface ContainerdOptions {
  readonly programs: Programs<'containerd'>;
  readonly machine: Machine;
  /** For its images, containers, configuration and log; in memory. */
  readonly directory: string;
}

export interface Containerd extends Component {
  /** Where the kubelet finds it. */
  readonly socket: string;
  /** Imports the images of an OCI or docker archive, for pods whose `imagePullPolicy` is not `Always`. */
  readonly loadImage: (archive: string) => Promise<void>;
  /** Gives an image that is there further names, each with its registry: `docker.io/library/ubuntu:20.04`. */
  readonly nameImage: (name: string, others: readonly string[]) => Promise<void>;
}

/** The image of each pod's first container. */
export const pauseImage = 'localhost/pause:1';

/** Where Debian has runc and the CNI plugins. */
const searchPath = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const pluginsDirectory = '/usr/lib/cni';

export async function startContainerd(options: ContainerdOptions): Promise<Containerd> {
  const { programs, machine } = options;
  const directory = join(options.directory, 'containerd');
  const file = (name: string): string => join(directory, name);
  await mkdir(file('cni'), { recursive: true });
  await writeFile(file('config.toml'), configuration(directory));
  await writeFile(file('cni/10-bridge.conflist'), JSON.stringify(podNetwork));
  const socket = file('containerd.sock');
  const { run } = machine;
  const ctr = (...args: readonly string[]): Promise<string> =>
    run(programs.ctr, ['--address', socket, '--namespace', 'k8s.io', ...args]);
  const component = await startComponent({
    name: 'containerd',
    binary: programs.containerd,
    args: ['--config', file('config.toml')],
    // Beside itself it finds the shim.
    env: { PATH: [dirname(programs.containerd), ...searchPath].join(':') },
    enter: machine.enter,
    logFile: join(options.directory, 'containerd.log'),
    isReady: async () => (await ctr('version')).includes('Server'),
    readyWithin: 20_000,
  });
  return {
    ...component,
    socket,
    loadImage: async (archive) => {
      await ctr('images', 'import', archive);
    },
    nameImage: async (name, others) => {
      await ctr('images', 'tag', name, ...others);
    },
  };
}

/** https://github.com/containerd/containerd/blob/main/docs/cri/config.md, version 3 */
function configuration(directory: string): string {
  return `version = 3
root = '${directory}/root'
state = '${directory}/state'
[grpc]
  address = '${directory}/containerd.sock'
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '${pauseImage}'
[plugins.'io.containerd.cri.v1.runtime']
  # Where CAP_SYS_RESOURCE is missing, runc cannot lower a pod's score as the kubelet asks, and starts nothing.
  restrict_oom_score_adj = true
[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ['${pluginsDirectory}']
  conf_dir = '${directory}/cni'
`;
}
