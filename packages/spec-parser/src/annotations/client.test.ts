import { describe, expect, it } from 'vitest';
import { errorsOf, gpuPod, parse } from '../../test/pods.ts';
import type { ClientCatalog, ClientEntry } from './catalog.ts';

const osField = 'metadata.annotations[bitfusion-client/os]';
const versionField = 'metadata.annotations[bitfusion-client/version]';

function annotated(os: unknown, version: unknown): ReturnType<typeof gpuPod> {
  return gpuPod({ 'bitfusion-client/os': os, 'bitfusion-client/version': version });
}

function packaged(os: string, version: string): ClientEntry {
  return { kind: 'package', os, version, package: `${os}-${version}`, libraryPath: 'lib' };
}

describe('bitfusion-client/os and bitfusion-client/version', () => {
  it.each([
    [undefined, undefined, 'bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb'],
    ['', ' ', 'bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb'],
    ['ubuntu18', undefined, 'bitfusion-client-ubuntu1804_4.5.0-4_amd64.deb'],
    ['ubuntu20', undefined, 'bitfusion-client-ubuntu2004_4.5.0-4_amd64.deb'],
    ['centos7', undefined, 'bitfusion-client-centos7-2.5.0-10'],
    ['centos8', undefined, 'bitfusion-client-centos8-2.5.1-13'],
    [undefined, '401', 'bitfusion-client-ubuntu2004_4.0.1-5_amd64.deb'],
    ['ubuntu18', '250', 'bitfusion-client-ubuntu1804_2.5.1-13'],
    [' ubuntu18 ', ' 300\n', 'bitfusion-client-ubuntu1804_3.0.0-11_amd64.deb'],
  ])('B2: %j and %j choose %s', (os, version, directory) => {
    expect(parse(annotated(os, version)).request?.client).toMatchObject({
      kind: 'package',
      package: directory,
    });
    expect(errorsOf(annotated(os, version))).toEqual([]);
  });

  it.each(['ubuntu18', 'ubuntu20', 'ubuntu22', 'centos7', 'centos8'])(
    'B2: %s preinstalled is a client',
    (os) => {
      const client = { kind: 'preinstalled', os, version: 'preinstalled', binary: '/usr/bin/bitfusion' };
      expect(parse(annotated(os, 'preinstalled')).request?.client).toEqual(client);
    },
  );

  it.each([
    [
      'windows',
      undefined,
      `${osField}: Unsupported value: "windows": supported values: "ubuntu18", "ubuntu20", "centos7", "centos8", "ubuntu22"`,
    ],
    [
      'Ubuntu',
      '450',
      `${osField}: Unsupported value: "Ubuntu": supported values: "ubuntu18", "ubuntu20", "centos7", "centos8", "ubuntu22"`,
    ],
    [
      'centos7',
      '450',
      `${versionField}: Unsupported value: "450": supported values for "centos7": "250", "preinstalled"`,
    ],
    [
      undefined,
      '999',
      `${versionField}: Unsupported value: "999": supported values for "ubuntu20": "250", "300", "401", "450", "preinstalled"`,
    ],
    [
      'ubuntu22',
      undefined,
      `${versionField}: Required value: there is no packaged client for "ubuntu22", choose one of "preinstalled"`,
    ],
    [18, undefined, `${osField}: Invalid value: 18: must be a string; put it in quotes`],
    [undefined, 450, `${versionField}: Invalid value: 450: must be a string; put it in quotes`],
  ])('B2: %j and %j are refused with what there is', (os, version, error) => {
    expect(errorsOf(annotated(os, version))).toEqual([error]);
    expect(parse(annotated(os, version)).request).toBeUndefined();
  });

  it('B2: the newest version is the greatest number, not the last text or entry', () => {
    const entries = [
      packaged('a', '1000'),
      packaged('a', '450'),
      packaged('a', 'beta'),
      packaged('b', '2000'),
    ];
    const catalog: ClientCatalog = { entries, default: { os: 'b', version: '2000' } };
    const pod = gpuPod({ 'bitfusion-client/os': 'a' });
    expect(parse(pod, { catalog }).request?.client.version).toBe('1000');
  });

  it('B2: the default is chosen by name, be it the newest or not', () => {
    const entries = [packaged('a', '450'), packaged('a', '250')];
    const catalog: ClientCatalog = { entries, default: { os: 'a', version: '250' } };
    expect(parse(gpuPod(), { catalog }).request?.client.version).toBe('250');
    expect(parse(gpuPod({ 'bitfusion-client/os': 'a' }), { catalog }).request?.client.version).toBe('450');
  });

  it('B2: a catalog without its own default is an error, not an exception', () => {
    const catalog: ClientCatalog = { entries: [], default: { os: 'a', version: '1' } };
    expect(errorsOf(gpuPod(), { catalog })).toEqual([`${osField}: Unsupported value: "a": there is none`]);
  });
});
