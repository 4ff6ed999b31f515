import { access } from 'node:fs/promises';

import { findInPath } from '../harness/index.ts';

/** Debian's package of each program; an absolute path is looked for as it is. */
const packages: Readonly<Record<string, string>> = {
  runc: 'runc',
  '/usr/lib/cni/bridge': 'containernetworking-plugins',
  buildah: 'buildah',
  busybox: 'busybox-static',
  ip: 'iproute2',
  nsenter: 'util-linux',
  mount: 'mount',
};

export interface NodeFaultOptions {
  readonly path: string;
  readonly isRoot: boolean;
  /** Whether the run stays in the namespaces of its caller. */
  readonly here: boolean;
}

/** Why no node can be started or image built here, in one line that says what to do; undefined when they can. */
export async function nodeFault({ path, isRoot, here }: NodeFaultOptions): Promise<string | undefined> {
  const others = 'other files run without: name them, such as `npm run e2e -w @bwki/e2e -- control-plane`';
  if (!isRoot) return `the tests with nodes and images need root; ${others}`;
  if (here) return `the tests with nodes need namespaces of their own, so not --here; ${others}`;
  const missing: string[] = [];
  for (const [program, name] of Object.entries(packages)) {
    const there = program.startsWith('/')
      ? await access(program).then(
          () => true,
          () => false,
        )
      : (await findInPath(program, path)) !== undefined;
    if (!there) missing.push(`${program} (Debian: ${name})`);
  }
  if (missing.length === 0) return undefined;
  return `missing: ${missing.join(', ')}; install them by e2e/tools/install-debian-packages; ${others}`;
}
