import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatServersConf } from '../files/servers-conf.ts';

/** What {@link standInRoot} writes. */
export interface StandInRootOptions {
  /** An existing directory. */
  readonly root: string;
  /** The home directory, below `root`; default `/root`. */
  readonly home?: string;
  /** Hosts of the pool's servers, which listen on 56001; default one, `192.0.2.1`. */
  readonly hosts?: readonly string[];
}

/** Puts the files that the client needs below a directory, so that the stand-in starts with it as its root. */
export async function standInRoot(options: StandInRootOptions): Promise<void> {
  const { root, home = '/root', hosts = ['192.0.2.1'] } = options;
  const servers = formatServersConf({
    form: 'yaml',
    servers: hosts.map((host) => ({ addresses: [{ host, port: 56_001 }] })),
  });
  const files = {
    'opt/bitfusion/README': 'a stand-in for the client’s libraries\n',
    'etc/bitfusion/tls/ca.crt': 'a stand-in for a certificate\n',
    'etc/bitfusion/servers.conf': servers,
    [`${home}/.bitfusion/servers.conf`]: servers,
    [`${home}/.bitfusion/client.yaml`]: 'authconfig:\n  enabled: true\n  token: stand-in\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
}
