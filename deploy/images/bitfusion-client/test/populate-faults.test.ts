import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  clientImage,
  libraryPath,
  listTree,
  otherPackage,
  packageName,
  populate,
  secretWord,
  writeFile,
} from './client-image.ts';
import { shells } from './shells.ts';

const isRoot = process.getuid?.() === 0;
const somebody = 12_345;
const usual = [`--package=${packageName}`, '--mode=0600', '--container=main'];

const remedy =
  "the secret needs the token's ca.crt, client.yaml and servers.conf, " +
  'as made by: kubectl create secret generic bitfusion-secret --from-file=tokens -n kube-system';

describe.each(shells)('populate under $name, refusing', (shell) => {
  it.each(['client.yaml', 'etc/servers.conf', 'etc/tls/ca.crt'])(
    'B40: a token without %s is named',
    (path) => {
      const image = clientImage(shell);
      const key = path.slice(path.lastIndexOf('/') + 1);
      writeFileSync(join(image.token, path), '');
      expect(populate(image, usual)).toMatchObject({
        status: 1,
        stderr: `populate: the secret's key ${key} is empty (${image.token}/${path}): ${remedy}\n`,
      });
      rmSync(join(image.token, '..data', path));
      expect(populate(image, usual)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: `populate: the access token lacks the secret's key ${key} (${image.token}/${path}): ${remedy}\n`,
      });
      expect(listTree(image.volume)).toEqual([]);
    },
  );

  it.runIf(isRoot)('B40: a token that its user may not read is named', () => {
    const image = clientImage(shell);
    chmodSync(join(image.token, '..data/client.yaml'), 0o400);
    expect(populate(image, usual, { user: somebody })).toMatchObject({
      status: 1,
      stderr:
        `populate: user ${somebody} may not read the secret's key client.yaml (${image.token}/client.yaml): ` +
        "set the token volume's defaultMode to 0444\n",
    });
  });

  it('B39: a package that the image lacks is answered with those it has', () => {
    const image = clientImage(shell);
    expect(populate(image, ['--package=bitfusion-9', '--mode=0600', '--container=main'])).toMatchObject({
      status: 1,
      stderr:
        `populate: package bitfusion-9 is not in this image, which has: ${otherPackage}, ${packageName}; ` +
        'choose one of these with the annotations bitfusion-client/os and bitfusion-client/version, ' +
        'or another client image\n',
    });
    rmSync(image.source, { recursive: true });
    expect(populate(image, usual).stderr).toContain('which has: none;');
    expect(listTree(image.volume)).toEqual([]);
  });

  it.each([
    [
      'no program',
      'usr/bin/bitfusion',
      `package ${packageName} has no usr/bin/bitfusion: build the client image again`,
    ],
    [
      'no libraries',
      'opt',
      `package ${packageName} has no library directory ${libraryPath}: ` +
        "build the client image again, with the package's opt/bitfusion in it",
    ],
  ])('B39: a package with %s is refused', (_, missing, message) => {
    const image = clientImage(shell);
    rmSync(join(image.source, packageName, missing), { recursive: true });
    expect(populate(image, usual)).toMatchObject({ status: 1, stdout: '', stderr: `populate: ${message}\n` });
  });

  it.runIf(isRoot)('B39: a package with files that its user may not read is one line', () => {
    const image = clientImage(shell);
    for (const file of ['usr/bin/bitfusion', 'opt/bitfusion/install']) {
      chmodSync(join(image.source, packageName, file), 0o700);
    }
    const outcome = populate(image, usual, { user: somebody });
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/^populate: cannot copy package .+: Permission denied\n$/);
  });

  it('B36: a name that older kernels would cut off in the first line is refused', () => {
    const image = clientImage(shell);
    const long = 'p'.repeat(100);
    mkdirSync(join(image.source, long, libraryPath), { recursive: true });
    writeFile(join(image.source, long, 'usr/bin/bitfusion'), '#!/bin/sh\n', 0o755);
    expect(populate(image, [`--package=${long}`, '--mount=/bitfusion']).stderr).toBe(
      `populate: package name ${long} is too long for the launcher's first line: shorten it in the client image\n`,
    );
  });

  it.each(['busybox', 'launcher'])('B39: an image without %s is refused', (tool) => {
    const image = clientImage(shell);
    rmSync(join(image.tools, tool));
    const outcome = populate(image, usual);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toMatch(
      new RegExp(`^populate: \\S+/${tool} is missing: build the client image again.*\\n$`),
    );
  });

  it('B39: a volume that cannot be written is one line, with nothing of the token', () => {
    const image = clientImage(shell);
    mkdirSync(join(image.volume, 'home-main'));
    symlinkSync('/proc/none', join(image.volume, 'bin'));
    const first = populate(image, usual);
    expect(first).toMatchObject({ status: 1, stdout: '' });
    expect(first.stderr).toMatch(/^populate: cannot make \S+\/bitfusion and \S+\/bin: .+\n$/);
    rmSync(join(image.volume, 'bin'));
    mkdirSync(join(image.volume, 'home-main/client.yaml/full'), { recursive: true });
    mkdirSync(join(image.volume, 'home-main/.client.yaml'));
    const second = populate(image, usual);
    expect(second).toMatchObject({ status: 1, stdout: '' });
    expect(second.stderr).toMatch(
      /^populate: cannot clear \S+\/home-main\/\.client\.yaml, left by an earlier run: .+\n$/,
    );
    expect(first.stderr + second.stderr).not.toContain(secretWord);
  });

  it('B39: a missing volume is named', () => {
    const image = clientImage(shell);
    const missing = join(image.volume, 'none');
    expect(populate(image, [...usual, `--volume=${missing}`]).stderr).toBe(
      `populate: ${missing} is not a directory: mount the pod's client volume there\n`,
    );
  });

  it.each([
    [[], 'nothing to do: give --package, --container or both'],
    [['--container=a'], '--container needs --mode'],
    [['--mode=0644'], "--mode has to be 0600, 0660 or 0666, and is '0644'"],
    [['--container=../a'], "--container has to be a container's name, and is '../a'"],
    [['--package=../p'], "--package has to be a directory's name, and is '../p'"],
    [['--package=.hidden'], "--package has to be a directory's name, and is '.hidden'"],
    [['--package='], "--package has to be a directory's name, and is ''"],
    [['--package=a b'], "--package has to be a directory's name, and is 'a b'"],
    [['--library-path=/lib'], "--library-path has to be inside the package, and is '/lib'"],
    [['--library-path=a/../../b'], "--library-path has to be inside the package, and is 'a/../../b'"],
    [['--mount=bitfusion'], "--mount has to be an absolute path, and is 'bitfusion'"],
    [['--etc=/a;b'], "--etc may hold letters, digits and ._+~/- only, and is '/a;b'"],
    [['--enforce=no'], "--enforce has to be on, warn or off, and is 'no'"],
    [['--gpu-memory=16Gi'], "--gpu-memory has to be a whole number of bytes, and is '16Gi'"],
    [['--gpu-memory=010'], "--gpu-memory has to be a whole number of bytes, and is '010'"],
    [['--gpu-memory=1000000000000'], "--gpu-memory has to have at most 12 digits, and is '1000000000000'"],
    [['--verbose'], "unknown argument '--verbose'"],
  ])('B39: %j is wrong usage', (args, message) => {
    const image = clientImage(shell);
    const outcome = populate(image, args);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr.split('; usage: ')[0]).toBe(`populate: ${message}`);
    expect(listTree(image.volume)).toEqual([]);
  });
});
