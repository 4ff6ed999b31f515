import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { defaultCatalog } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { unpackClients, type UnpackedClients } from '../src/client-packages.ts';
import { staticBusybox } from './busybox.ts';
import { writeDeb, writeRpm } from './made-packages.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const busybox = await staticBusybox();
const catalog = defaultCatalog.entries.filter((client) => client.kind === 'package');
const ubuntu = 'bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb';
const centos = 'bitfusion-client-centos7-2.5.0-10';

/** A client as it is unpacked; its program says which one it is. */
function unpackedClient(label: string): string {
  const directory = temporaryDirectory();
  writeClient(directory, label);
  return directory;
}

function writeClient(directory: string, label: string): void {
  mkdirSync(join(directory, 'usr/bin'), { recursive: true });
  writeFileSync(join(directory, 'usr/bin/bitfusion'), label, { mode: 0o755 });
}

describe.runIf(busybox !== undefined)('the packages of the closed client', () => {
  const unpack = (source: string, target: string): Promise<UnpackedClients> =>
    unpackClients(source, target, catalog, busybox ?? '');

  it('B39: .deb, .rpm and directories become one directory each, named as the catalog has them', async () => {
    const [source, target] = [temporaryDirectory(), temporaryDirectory()];
    writeDeb(join(source, ubuntu), unpackedClient('from deb'));
    writeRpm(join(source, `${centos}.x86_64.rpm`), unpackedClient('from rpm'), busybox ?? '');
    writeClient(join(source, 'bitfusion-client-of-tomorrow'), 'from directory');
    writeFileSync(join(source, 'README'), 'not a client');
    const { packages, missing } = await unpack(source, target);
    expect(packages).toEqual([centos, 'bitfusion-client-of-tomorrow', ubuntu]);
    expect(missing).toEqual(catalog.filter((client) => ![ubuntu, centos].includes(client.package)));
    const labels = packages.map((name) => readFileSync(join(target, name, 'usr/bin/bitfusion'), 'utf8'));
    expect(labels).toEqual(['from rpm', 'from directory', 'from deb']);
    expect(statSync(join(target, ubuntu, 'usr/bin/bitfusion')).mode & 0o111).toBe(0o111);
  });

  it.each([
    ['no package', () => undefined, 'holds no client package'],
    [
      'a package that is broken',
      (source: string) => {
        writeFileSync(join(source, `${centos}.rpm`), 'not an rpm');
      },
      `${centos}.rpm cannot be unpacked: `,
    ],
    [
      'a package without the program',
      (source: string) => {
        writeDeb(join(source, ubuntu), temporaryDirectory());
      },
      'is no client package: it has no usr/bin/bitfusion',
    ],
    [
      'the same client twice',
      (source: string) => {
        writeClient(join(source, centos), 'one');
        writeRpm(join(source, `${centos}.x86_64.rpm`), unpackedClient('two'), busybox ?? '');
      },
      `has the client ${centos} twice`,
    ],
  ])('a directory with %s is refused', async (_, fill, message) => {
    const source = temporaryDirectory();
    fill(source);
    await expect(unpack(source, temporaryDirectory())).rejects.toThrow(message);
  });
});
