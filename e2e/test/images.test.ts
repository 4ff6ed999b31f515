/** What `make build-image` makes, and where it can go. @needs images containerd registry */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { beforeAll, describe, expect, inject, it } from 'vitest';

import { run } from '../harness/index.ts';
import { startImageRegistry } from './support/image-registry.ts';
import { startImageStore } from './support/image-store.ts';
import { hasOwnControlPlane } from './support/open-cluster.ts';

const workspace = join(import.meta.dirname, '../..');
const names = ['bitfusion-webhook', 'bitfusion-device-plugin', 'bitfusion-client'] as const;
type Name = (typeof names)[number];

/** The most that a node has to pull for an image, in bytes. */
const largest: Readonly<Record<Name, number>> = {
  'bitfusion-webhook': 60e6,
  'bitfusion-device-plugin': 60e6,
  'bitfusion-client': 2e6,
};

const revision = '0123456789abcdef0123456789abcdef01234567';
const nonRoot = '65532:65532';
const storage = mkdtempSync(join(inject('e2e').workDirectory, 'images-'));
const engine = `buildah --root ${storage}/root --runroot ${storage}/run --storage-driver vfs`;

function reference(name: Name): string {
  return `registry.example.com/bwki/${name}:0.1`;
}

function buildah(...args: readonly string[]): Promise<string> {
  const [program = '', ...flags] = engine.split(' ');
  return run(program, [...flags, ...args]);
}

interface MakeOptions {
  readonly umask?: string;
  readonly repository?: string;
  /** More flags for buildah. */
  readonly flags?: string;
}

/** Make itself, so that its variables are tried too; it does not install anything. */
function make(target: string, options: MakeOptions = {}): Promise<string> {
  const { umask = '022', repository = 'registry.example.com/bwki', flags = '' } = options;
  const stamps = `SOURCE_DATE_EPOCH=1700000000 IMAGE_REVISION=${revision}`;
  const variables = `IMAGE_REPO=${repository} IMAGE_TAG=0.1 ${stamps} 'ENGINE=${engine} ${flags}'`;
  const command = `umask ${umask} && make -C ${workspace} -o node_modules/.package-lock.json ${target} ${variables}`;
  return run('sh', ['-c', command]);
}

async function digests(): Promise<Readonly<Record<string, string>>> {
  const lines = await Promise.all(
    names.map(async (name) => {
      const digest = await buildah('inspect', '--format', '{{.FromImageDigest}}', reference(name));
      return [name, digest.trim()] as const;
    }),
  );
  return Object.fromEntries(lines);
}

/** Calls `use` with the image's files below a directory, where a change stays in this call. */
async function withFiles(name: Name, use: (root: string) => Promise<void>): Promise<void> {
  const container = (await buildah('from', '--pull-never', reference(name))).trim();
  try {
    await use((await buildah('mount', container)).trim());
  } finally {
    await buildah('rm', container);
  }
}

function inside(root: string, user: string, ...command: readonly string[]): Promise<string> {
  return run('env', [
    '-i',
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
    'chroot',
    `--userspec=${user}`,
    root,
    ...command,
  ]);
}

describe.runIf(hasOwnControlPlane())('the images of make build-image', () => {
  let first: Readonly<Record<string, string>>;
  beforeAll(async () => {
    await make('build-image');
    first = await digests();
  }, 600_000);

  it.each([
    [
      'bitfusion-webhook',
      nonRoot,
      ['node', '--max-old-space-size=128', '--max-semi-space-size=4', '/app/dist/main.js'],
    ],
    ['bitfusion-device-plugin', '0:0', ['node', '/app/dist/main.js']],
    ['bitfusion-client', nonRoot, ['/bwki/populate']],
  ] as const)('%s runs as %s and says what it is', async (name, user, entrypoint) => {
    const { OCIv1: image } = JSON.parse(await buildah('inspect', reference(name))) as {
      OCIv1: {
        created: string;
        config: { User: string; Entrypoint: string[]; Labels: Record<string, string> };
      };
    };
    expect(image.created).toBe('2023-11-14T22:13:20Z');
    expect(image.config).toMatchObject({ User: user, Entrypoint: entrypoint });
    const prefix = 'org.opencontainers.image.';
    expect(image.config.Labels).toMatchObject({
      [`${prefix}title`]: name,
      [`${prefix}version`]: '0.1.0',
      [`${prefix}licenses`]: expect.stringContaining('Apache-2.0') as string,
      [`${prefix}revision`]: revision,
      [`${prefix}source`]: expect.any(String) as string,
    });
    expect(Object.keys(image.config.Labels).filter((label) => !label.startsWith(prefix))).toEqual([]);
  });

  it.each([
    ['bitfusion-webhook', nonRoot, 'webhook'],
    ['bitfusion-device-plugin', '0:0', 'device-plugin'],
  ] as const)('%s has all that its program needs', (name, user, program) =>
    withFiles(name, async (root) => {
      const node = ['/nodejs/bin/node', '/app/dist/main.js'];
      expect(await inside(root, user, ...node, '--version')).toBe('0.1.0\n');
      expect(await inside(root, user, ...node, '--help')).toContain(`bwki-${program}`);
      const { bomFormat } = JSON.parse(readFileSync(join(root, `sbom/${program}.cdx.json`), 'utf8')) as {
        bomFormat: string;
      };
      expect(bomFormat).toBe('CycloneDX');
    }),
  );

  it('B39: bitfusion-client fills a volume, as the user of its image', () =>
    withFiles('bitfusion-client', async (root) => {
      mkdirSync(join(root, 'bwki/volume'));
      chmodSync(join(root, 'bwki/volume'), 0o777);
      for (const file of ['client.yaml', 'etc/servers.conf', 'etc/tls/ca.crt']) {
        const path = join(root, 'bwki/token', file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, 'token\n');
      }
      const client = 'bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb';
      const args = [`--package=${client}`, '--mode=0600', '--container=main', '--token=/bwki/token'];
      expect(await inside(root, nonRoot, '/bwki/populate', ...args)).toContain(`package ${client}`);
      const launcher = readFileSync(join(root, 'bwki/volume/bin/bitfusion'), 'utf8');
      expect(launcher).toContain(`#!/bitfusion/${client}/.bwki/busybox sh\n`);
    }));

  it('save-image writes archives that a node loads under the same names', async () => {
    await make('save-image');
    await using node = await startImageStore();
    for (const name of names) {
      await node.ctr('images', 'import', join(workspace, 'dist/images', `${name}-0.1.tar`));
    }
    const checks = (await node.ctr('images', 'check')).trim().split('\n').slice(1);
    const states = checks.map((line) => line.split(/\s+/)).map(([image, , , state]) => [image, state]);
    expect(states).toEqual(names.map((name) => [reference(name), 'complete']).toSorted());
  }, 300_000);

  it('push-image brings them to a registry, whole and small enough to pull', async () => {
    await using registry = await startImageRegistry();
    const repository = `${registry.address}/bwki`;
    const plainHttp = join(storage, 'registries.conf');
    writeFileSync(plainHttp, `[[registry]]\nlocation = '${registry.address}'\ninsecure = true\n`);
    for (const name of names) await buildah('tag', reference(name), `${repository}/${name}:0.1`);
    await make('push-image', { repository, flags: `--registries-conf ${plainHttp}` });
    for (const name of names) {
      const pushed = `${repository}/${name}:0.1`;
      expect(await registry.crane('validate', '--remote', pushed)).toContain('PASS');
      const manifest = JSON.parse(await registry.crane('manifest', pushed)) as {
        readonly layers: readonly { readonly size: number }[];
      };
      const size = manifest.layers.reduce((sum, layer) => sum + layer.size, 0);
      console.log(`${name}: ${(size / 1e6).toFixed(1)} MB compressed`);
      expect(size).toBeLessThan(largest[name]);
    }
  }, 300_000);

  it('a second build, under another umask, gives the same digests', async () => {
    await buildah('rmi', '--all', '--force');
    await make('build-image', { umask: '077' });
    expect(await digests()).toEqual(first);
  }, 600_000);

  it('push-image of images that only this machine has is refused, in words that say what to do', async () => {
    const command = `make -C ${workspace} -o node_modules/.package-lock.json push-image IMAGE_REPO=localhost/bwki`;
    await expect(run('sh', ['-c', `${command} 'ENGINE=${engine}'`])).rejects.toThrow(
      'to a registry of yours, such as IMAGE_REPO=registry.example.com/bwki',
    );
  });
});
