import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { describe, expect, it } from 'vitest';
import { writeFile } from './client-image.ts';
import { elfMachines, elfProgram, isGlibcProgram, renameInProgram } from './elf.ts';
import { launch, populatedPod } from './populated-pod.ts';
import { findProgram, shells } from './shells.ts';

const script = '#!/bin/sh\necho started\n';
const somebody = 12_345;
const isRoot = process.getuid?.() === 0;

const node = machine();
const foreign = node === 'x86_64' ? 'aarch64' : 'x86_64';
const foreignLabel = node === 'x86_64' ? 'arm64' : 'amd64';
const native = Object.entries(elfMachines).find(([name]) => name === node)?.[1];

/** A program of this machine that needs two libraries by name, to take them away from it. */
const bash = findProgram('bash');
const program = bash === undefined ? Buffer.alloc(0) : readFileSync(bash);
const needsTwo = isGlibcProgram(program) && program.includes('libtinfo.so.6\0');
const version = /GLIBC_2\.\d\d(?=\0)/.exec(program.toString('latin1'))?.[0] ?? '';

const chooseClient =
  "choose the client of the image's system with the annotations bitfusion-client/os and bitfusion-client/version";

describe.each(shells)('launcher under $name, when the client cannot start', (shell) => {
  /** What it says, after looking at what every refusal has in common. */
  const refusal = (pod: ReturnType<typeof populatedPod>, options: Parameters<typeof launch>[2] = {}) => {
    const outcome = launch(pod, ['health'], options);
    expect(outcome).toMatchObject({ status: 126, stdout: '' });
    expect(outcome.stderr).toMatch(/^bitfusion: .+\n$/);
    return outcome.stderr.slice('bitfusion: '.length, -1);
  };

  it('B36: no client', () => {
    const pod = populatedPod(shell, script);
    const message =
      `the client is missing: ${pod.client}; ` +
      'make the pod again, its init container bwki-populate puts the client there';
    writeFileSync(pod.client, '');
    expect(refusal(pod)).toBe(message);
    rmSync(pod.client);
    expect(refusal(pod)).toBe(message);
  });

  it('B36: a client without its mode', () => {
    const pod = populatedPod(shell, script);
    chmodSync(pod.client, 0o644);
    expect(refusal(pod)).toBe(
      `the client may not be run: ${pod.client}; give it the mode 0755 in the client image`,
    );
  });

  it('B36: something that is no program', () => {
    const pod = populatedPod(shell, 'version https://git-lfs.github.com/spec/v1\n');
    expect(refusal(pod)).toBe(
      `${pod.client} is neither a program nor a script: build the client image again`,
    );
  });

  it('B36: a script for an interpreter that the image lacks', () => {
    const pod = populatedPod(shell, '#! /opt/none/python3 -u\n');
    expect(refusal(pod)).toBe(
      'the client is a script for /opt/none/python3, which this image does not have: install it in the image',
    );
  });

  it('B36: a client of another machine', () => {
    const pod = populatedPod(shell, elfProgram({ machine: elfMachines[foreign] }));
    expect(refusal(pod)).toBe(
      `the client is built for ${foreign} and this node is ${node}: ` +
        `add the nodeSelector kubernetes.io/arch: ${foreignLabel} to the pod`,
    );
  });

  it.runIf(native !== undefined).each([
    ['a number that no machine has', elfProgram({ machine: 0xfe_fe })],
    ['no number', elfProgram({ machine: 0 }).subarray(0, 18)],
  ])('B36: a client whose header has %s', (_, client) => {
    const pod = populatedPod(shell, client);
    expect(refusal(pod)).toBe(
      `the client is of no known machine: ${pod.client}; build the client image again`,
    );
  });

  it.runIf(native !== undefined).each([30, 40, 64, 100])(
    'B36: a client that is cut short at %i bytes',
    (length) => {
      const pod = populatedPod(shell, elfProgram({ machine: native ?? 0 }).subarray(0, length));
      expect(refusal(pod)).toBe(`the client is cut short: ${pod.client}; build the client image again`);
    },
  );

  it.runIf(native !== undefined)('B36: no dynamic loader', () => {
    const pod = populatedPod(shell, elfProgram({ machine: native ?? 0, interpreter: '/lib64/ld-none.so.2' }));
    expect(refusal(pod)).toBe(
      'this image has no /lib64/ld-none.so.2, which the client needs: ' +
        'use an image with the GNU C library (Debian, Ubuntu, CentOS; not Alpine or an empty one)',
    );
  });

  it.runIf(needsTwo)('B36: missing libraries, all of them', () => {
    const one = renameInProgram(program, 'libtinfo.so.6', 'libtinfo.so.x');
    const pod = populatedPod(shell, renameInProgram(one, 'libc.so.6', 'libc.so.x'));
    expect(refusal(pod)).toBe(
      'this image lacks libraries that the client needs: libtinfo.so.x libc.so.x; ' +
        `install them in the image, or ${chooseClient}`,
    );
  });

  it.runIf(needsTwo)("B37: libraries in the client's own directory are found", () => {
    const pod = populatedPod(shell, renameInProgram(program, 'libtinfo.so.6', 'libtinfo.so.x'));
    writeFileSync(`${pod.library}/libtinfo.so.x`, 'no library');
    expect(refusal(pod)).toBe(
      `this image lacks libraries that the client needs: ${pod.library}/libtinfo.so.x: file too short; ` +
        `install them in the image, or ${chooseClient}`,
    );
  });

  // What musl 1.2.3 says, for libraries that are missing and for those that are its own.
  it
    .runIf(native !== undefined)
    .each([
      'Error loading shared library libnuma.so.1: No such file or directory (needed by client)',
      'Error relocating client: __printf_chk: symbol not found',
    ])('B36: a loader of another C library: %s', (said) => {
    const pod = populatedPod(shell, script);
    const loader = `${pod.library}/ld-linux.so.2`;
    writeFile(loader, `#!/bin/sh\n[ "$1" = --list ] && echo '${said}' >&2\nexit 127\n`, 0o755);
    writeFile(pod.client, elfProgram({ machine: native ?? 0, interpreter: loader }), 0o755);
    expect(refusal(pod)).toBe(
      `this image's ${loader} is not of the C library that the client needs: ` +
        'use an image with the GNU C library (Debian, Ubuntu, CentOS; not Alpine or an empty one)',
    );
  });

  it.runIf(needsTwo && version !== '')('B36: libraries that are too old', () => {
    const wanted = version.replace('GLIBC_2', 'GLIBC_9');
    const pod = populatedPod(shell, renameInProgram(program, version, wanted));
    expect(refusal(pod)).toBe(
      `this image's libraries are too old for the client, which needs ${wanted}: ${chooseClient}`,
    );
  });

  it('B36: no token where HOME is', () => {
    const pod = populatedPod(shell, script);
    const say = (path: string, home: string) =>
      `there is no access token: ${path}/.bitfusion/client.yaml is missing; it is mounted under the pod's annotation ` +
      `bitfusion-client/home (/root if there is none), and HOME is ${home}: make them equal`;
    expect(refusal(pod, { environment: { HOME: '/home/jovyan' } })).toBe(say('/home/jovyan', '/home/jovyan'));
    expect(refusal(pod, { environment: { HOME: '' } })).toBe(say('', 'not set'));
  });

  it.each(['serversConf', 'caCertificate'] as const)('B36: no %s', (file) => {
    const pod = populatedPod(shell, script);
    rmSync(pod[file]);
    expect(refusal(pod)).toMatch(
      /^there is no access token: \S+\/(servers\.conf|ca\.crt) is missing; make the pod again, the webhook mounts it$/,
    );
  });

  it.each(['clientYaml', 'serversConf', 'caCertificate'] as const)('B36: an empty %s', (file) => {
    const pod = populatedPod(shell, script);
    writeFileSync(pod[file], '');
    expect(refusal(pod)).toMatch(
      /^the access token is empty: \S+; put the token's files into the secret again \(kubectl create secret generic .+\)/,
    );
  });

  it.runIf(isRoot).each(['clientYaml', 'serversConf', 'caCertificate'] as const)(
    'B36: a %s of another user',
    (file) => {
      const pod = populatedPod(shell, script);
      chmodSync(pod[file], 0o400);
      expect(refusal(pod, { user: somebody })).toMatch(
        /^the access token cannot be read: \S+ is closed to user 12345; let the pod's securityContext name this user/,
      );
    },
  );
});
