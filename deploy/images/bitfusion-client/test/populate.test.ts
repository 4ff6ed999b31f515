import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  clientImage,
  libraryPath,
  listTree,
  otherLibraryPath,
  otherPackage,
  packageName,
  populate,
  readText,
  writeFile,
} from './client-image.ts';
import { shells } from './shells.ts';

const isRoot = process.getuid?.() === 0;
const somebody = 12_345;

/** The volume after `--package --mode=0600 --container=main`, whatever the umask. */
const populated = [
  '0755 bin/',
  '0755 bin/bitfusion',
  '0755 bitfusion/',
  `0755 bitfusion/${packageName}/`,
  `0755 bitfusion/${packageName}/.bwki/`,
  `0755 bitfusion/${packageName}/.bwki/busybox`,
  `0755 bitfusion/${packageName}/opt/`,
  `0755 bitfusion/${packageName}/opt/bitfusion/`,
  `0750 bitfusion/${packageName}/opt/bitfusion/install`,
  `0755 bitfusion/${packageName}/opt/bitfusion/lib/`,
  `0755 bitfusion/${packageName}/opt/bitfusion/lib/x86_64-linux-gnu/`,
  `0755 bitfusion/${packageName}/opt/bitfusion/lib/x86_64-linux-gnu/bitfusion/`,
  `0755 bitfusion/${packageName}/opt/bitfusion/lib/x86_64-linux-gnu/bitfusion/lib/`,
  `link bitfusion/${packageName}/${libraryPath}/libcuda.so.1 -> libcuda.so.1.0`,
  `0644 bitfusion/${packageName}/${libraryPath}/libcuda.so.1.0`,
  `0755 bitfusion/${packageName}/usr/`,
  `0755 bitfusion/${packageName}/usr/bin/`,
  `0755 bitfusion/${packageName}/usr/bin/bitfusion`,
  `0755 bitfusion/${packageName}/usr/bin/bitfusion-client`,
  `0755 bitfusion/${packageName}/usr/share/`,
  `0755 bitfusion/${packageName}/usr/share/bitfusion/`,
  `0666 bitfusion/${packageName}/usr/share/bitfusion/VERSION`,
  '0700 home-main/',
  '0600 home-main/client.yaml',
  '0600 home-main/servers.conf',
  `link opt -> bitfusion/${packageName}/opt/bitfusion`,
];
const usual = [`--package=${packageName}`, '--mode=0600', '--container=main'];

describe.each(shells)('populate under $name', (shell) => {
  it.each([undefined, '000', '077'])(
    'B39: only the chosen package is copied, as it is (umask %s)',
    (umask) => {
      const image = clientImage(shell);
      const outcome = populate(image, usual, umask === undefined ? {} : { umask });
      expect(outcome).toMatchObject({
        status: 0,
        stderr: '',
        stdout: `populate: done: package ${packageName}; token of mode 0600 for main\n`,
      });
      expect(listTree(image.volume)).toEqual(populated);
      const original = readText(image.source, packageName, 'usr/bin/bitfusion');
      expect(readText(image.volume, 'bitfusion', packageName, 'usr/bin/bitfusion-client')).toBe(original);
    },
  );

  it('B36: the launcher has the paths that the containers see, in both its places', () => {
    const image = clientImage(shell);
    populate(image, [...usual, '--mount=/bitfusion', '--etc=/etc/bitfusion']);
    const text = [
      `#!/bitfusion/${packageName}/.bwki/busybox sh`,
      `bwki_busybox=/bitfusion/${packageName}/.bwki/busybox`,
      `bwki_client=/bitfusion/${packageName}/usr/bin/bitfusion-client`,
      `bwki_library=/bitfusion/${packageName}/${libraryPath}`,
      'bwki_etc=/etc/bitfusion',
      'bwki_enforce=on',
      'bwki_gpu_memory=',
      readText(image.tools, 'launcher'),
    ].join('\n');
    expect(readText(image.volume, 'bin/bitfusion')).toBe(text);
    expect(readText(image.volume, 'bitfusion', packageName, 'usr/bin/bitfusion')).toBe(text);
  });

  it.each([
    { package: otherPackage, asked: [], path: otherLibraryPath },
    { package: otherPackage, asked: ['--library-path=lib/none'], path: otherLibraryPath },
    { package: packageName, asked: ['--library-path=lib/none'], path: libraryPath },
    { package: packageName, asked: ['--library-path=opt/bitfusion'], path: 'opt/bitfusion' },
  ])('B37: the library directory of $package with $asked is $path', ({ package: name, asked, path }) => {
    const image = clientImage(shell);
    expect(populate(image, [`--package=${name}`, ...asked]).status).toBe(0);
    expect(readText(image.volume, 'bin/bitfusion')).toContain(
      `\nbwki_library=${image.volume}/bitfusion/${name}/${path}\n`,
    );
  });

  it.each([
    ['0600', 'mode 0700', ['0700 home-a/', '0600 home-a/client.yaml', '0600 home-a/servers.conf']],
    ['0660', 'mode 0770', ['0770 home-a/', '0660 home-a/client.yaml', '0660 home-a/servers.conf']],
    ['0666', 'mode 0777', ['0777 home-a/', '0666 home-a/client.yaml', '0666 home-a/servers.conf']],
  ])('B40: --mode=%s makes directories of %s', (mode, _, home) => {
    const image = clientImage(shell);
    const outcome = populate(image, [`--mode=${mode}`, '--container=a', '--container=b-2']);
    expect(outcome).toMatchObject({
      status: 0,
      stderr: '',
      stdout: `populate: done: token of mode ${mode} for a b-2\n`,
    });
    const other = home.map((line) => line.replace('home-a', 'home-b-2'));
    expect(listTree(image.volume)).toEqual([...home, ...other]);
    expect(readText(image.volume, 'home-a/client.yaml')).toBe(readText(image.token, 'client.yaml'));
    expect(readText(image.volume, 'home-a/servers.conf')).toBe(readText(image.token, 'etc/servers.conf'));
  });

  it('B40: the group of a volume with an fsGroup reaches the directory', () => {
    const image = clientImage(shell);
    chmodSync(image.volume, 0o2777);
    populate(image, ['--mode=0660', '--container=a']);
    expect(statSync(join(image.volume, 'home-a')).mode & 0o7777).toBe(0o2770);
  });

  it('B39: a second run gives the same volume and keeps what the client wrote beside its token', () => {
    const image = clientImage(shell);
    populate(image, usual);
    writeFile(join(image.volume, 'home-main/client.yaml'), 'the client has written here', 0o400);
    writeFile(join(image.volume, 'home-main/cache'), 'kept');
    expect(populate(image, usual)).toMatchObject({ status: 0, stderr: '' });
    expect(listTree(image.volume).filter((line) => !line.includes('cache'))).toEqual(populated);
    expect(readText(image.volume, 'home-main/client.yaml')).toBe(readText(image.token, 'client.yaml'));
    expect(readText(image.volume, 'home-main/cache')).toBe('kept');
  });

  it('B39: a run after one that was cut short starts over', () => {
    const image = clientImage(shell);
    const closed = join(image.volume, 'bitfusion/.populating/opt');
    writeFile(join(closed, 'half'), 'half of a file', 0o444);
    chmodSync(closed, 0o555);
    writeFile(join(image.volume, 'bitfusion', packageName, 'stale'), 'of an older image');
    writeFile(join(image.volume, 'bin/.bitfusion'), 'half of a launcher', 0o444);
    writeFile(join(image.volume, 'home-main/.client.yaml'), 'half of a token', 0o400);
    chmodSync(join(image.volume, 'home-main'), 0o700);
    chmodSync(join(image.volume, 'bitfusion'), 0o755);
    expect(populate(image, usual)).toMatchObject({ status: 0, stderr: '' });
    expect(listTree(image.volume)).toEqual(populated);
  });

  it.runIf(isRoot)('B39: any user can run it, twice, and it writes nowhere but in the volume', () => {
    const image = clientImage(shell);
    // Directories that even their owner may not write to, as a package can have them.
    for (const closed of ['usr/bin', 'usr/share/bitfusion'])
      chmodSync(join(image.source, packageName, closed), 0o555);
    chmodSync(join(image.source, packageName, 'opt/bitfusion/install'), 0o755);
    const first = populate(image, usual, { user: somebody, umask: '077' });
    expect(first).toMatchObject({ status: 0, stderr: '' });
    const lines = listTree(image.volume);
    expect(populate(image, usual, { user: somebody })).toMatchObject({ status: 0, stderr: '' });
    expect(listTree(image.volume)).toEqual(lines);
    expect(statSync(join(image.volume, 'home-main/client.yaml')).uid).toBe(somebody);
  });

  it.runIf(isRoot)('B39: a step of another user adds its containers to the same volume', () => {
    const image = clientImage(shell);
    populate(image, usual, { user: somebody });
    const second = populate(image, ['--mode=0600', '--container=other'], { user: somebody + 1 });
    expect(second).toMatchObject({ status: 0, stderr: '' });
    expect(statSync(join(image.volume, 'home-other/client.yaml')).uid).toBe(somebody + 1);
  });
});
