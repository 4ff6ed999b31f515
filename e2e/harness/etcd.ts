import { join } from 'node:path';

import { startComponent, type Component } from './component.ts';
import { probe } from './probe.ts';

export interface EtcdOptions {
  readonly binary: string;
  readonly directory: string;
  readonly clientPort: number;
  readonly peerPort: number;
}

/** A store of one member that loses its last writes when the machine dies: faster, and enough for a test. */
export function startEtcd(options: EtcdOptions): Promise<Component> {
  const client = `http://127.0.0.1:${options.clientPort}`;
  const peer = `http://127.0.0.1:${options.peerPort}`;
  return startComponent({
    name: 'etcd',
    binary: options.binary,
    args: [
      '--unsafe-no-fsync',
      `--data-dir=${join(options.directory, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ],
    logFile: join(options.directory, 'etcd.log'),
    isReady: () => probe(`${client}/readyz`),
    readyWithin: 30_000,
  });
}
