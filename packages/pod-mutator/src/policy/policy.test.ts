import { defaultCatalog } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';

import { createPolicy } from './create-policy.ts';
import type { PolicyConfig } from './policy.ts';

function faultsOf(config: unknown): readonly string[] {
  const policy = createPolicy(config as PolicyConfig);
  return policy.ok ? [] : policy.error.map(({ code, field, detail }) => `${code} ${field}: ${detail}`);
}

const packaged = {
  kind: 'package',
  os: 'ubuntu24',
  version: '500',
  package: 'client_5.0',
  libraryPath: 'opt/bitfusion/lib',
} as const;

describe('createPolicy', () => {
  it('has a default for everything', () => {
    expect(createPolicy()).toEqual({
      ok: true,
      value: {
        totalGpuMemory: undefined,
        clientImage: 'bitfusion-client:0.1.0',
        imagePullPolicy: 'IfNotPresent',
        imagePullSecrets: [],
        catalog: defaultCatalog,
        shell: ['/bin/bash', '-c'],
        memoryFlagUnit: 'MiB',
        libraryPath: 'launcher',
        enforce: 'on',
        tokenSecrets: {
          'ca.crt': 'bitfusion-secret',
          'client.yaml': 'bitfusion-secret',
          'servers.conf': 'bitfusion-secret',
        },
      },
    });
  });

  it('is frozen all through, without freezing what it was given', () => {
    const config = {
      shell: ['/bin/sh', '-c'],
      catalog: [{ ...packaged }],
      defaultClient: { os: 'ubuntu24', version: '500' },
    };
    const policy = createPolicy(config);
    expect(
      policy.ok && Object.isFrozen(policy.value) && Object.isFrozen(policy.value.catalog.entries[0]),
    ).toBe(true);
    expect(policy.ok && Object.isFrozen(policy.value.shell)).toBe(true);
    expect(Object.isFrozen(config.shell) || Object.isFrozen(config.catalog[0])).toBe(false);
  });

  it.each([
    [16000, '16G'],
    ['16000', '16G'],
    ['16Gi', '16Gi'],
    [0, undefined],
    ['', undefined],
  ])('B21: totalGpuMemory %j is %s', (totalGpuMemory, text) => {
    const policy = createPolicy({ totalGpuMemory });
    expect(policy.ok && policy.value.totalGpuMemory?.toString()).toBe(text);
  });

  it('B52: takes a secret for each file', () => {
    const tokenSecrets = { 'ca.crt': 'a', 'client.yaml': 'b', 'servers.conf': 'c' };
    const policy = createPolicy({ tokenSecrets });
    expect(policy.ok && policy.value.tokenSecrets).toEqual(tokenSecrets);
  });

  it.each<[unknown, readonly string[]]>([
    [{ totalGpuMemory: 'much' }, ['totalGpuMemory']],
    [{ totalGpuMemory: -1 }, ['totalGpuMemory']],
    [{ totalGpuMemory: true }, ['totalGpuMemory']],
    [{ clientImage: 'a b' }, ['clientImage']],
    [{ clientImage: '' }, ['clientImage']],
    [{ imagePullPolicy: 'Sometimes' }, ['imagePullPolicy']],
    [{ imagePullSecrets: ['ok', 'Not_A_Name', ''] }, ['imagePullSecrets[1]', 'imagePullSecrets[2]']],
    [{ imagePullSecrets: ['twice', 'twice'] }, ['imagePullSecrets[1]']],
    [{ shell: [] }, ['shell']],
    [{ shell: ['/bin/sh', ''] }, ['shell[1]']],
    [{ memoryFlagUnit: 'GB' }, ['memoryFlagUnit']],
    [{ libraryPath: 'image' }, ['libraryPath']],
    [{ tokenSecrets: 'UPPER' }, ['tokenSecrets']],
    [{ tokenSecrets: { 'ca.crt': 'a' } }, ['tokenSecrets']],
    [{ defaultClient: { os: 'ubuntu20', version: '9' } }, ['defaultClient']],
    [{ defaultClient: { os: 'a b', version: '' } }, ['defaultClient.os', 'defaultClient.version']],
    [{ catalog: [] }, ['catalog']],
    [{ catalog: [packaged] }, ['defaultClient']],
    [{ catalog: [packaged, packaged], defaultClient: { os: 'ubuntu24', version: '500' } }, ['catalog[1]']],
    [{ catalog: [{ ...packaged, kind: 'copied' }] }, ['catalog[0].kind']],
    [
      { catalog: [{ ...packaged, package: 'a/b', libraryPath: '/abs' }] },
      ['catalog[0].package', 'catalog[0].libraryPath'],
    ],
    [
      { catalog: [{ ...packaged, package: '..', libraryPath: 'a/../b' }] },
      ['catalog[0].package', 'catalog[0].libraryPath'],
    ],
    [
      { catalog: [{ kind: 'preinstalled', os: 'x', version: 'y', binary: 'bitfusion' }] },
      ['catalog[0].binary'],
    ],
    [
      { catalog: [{ kind: 'preinstalled', os: 'x', version: 'y', binary: '/usr/../bitfusion' }] },
      ['catalog[0].binary'],
    ],
    [{ clientImgae: 'x' }, ['']],
    [null, ['']],
    [[], ['']],
    [{ shell: 'sh', clientImage: 1, memoryFlagUnit: 2 }, ['clientImage', 'shell', 'memoryFlagUnit']],
  ])('B56: lists every fault of %j', (config, fields) => {
    const policy = createPolicy(config as PolicyConfig);
    expect(policy.ok ? [] : policy.error.map(({ field }) => field)).toEqual(fields);
  });

  it.each([
    { ...packaged, package: 'a'.repeat(98), libraryPath: 'a;b' },
    { ...packaged, package: '-x', libraryPath: '' },
  ])('B56: a package that the populate script could not copy: %j', (entry) => {
    expect(createPolicy({ catalog: [entry] })).toMatchObject({
      error: [{ field: 'catalog[0].package' }, { field: 'catalog[0].libraryPath' }],
    });
  });

  it('B56: a fault says what is allowed', () => {
    expect(faultsOf({ defaultClient: { os: 'ubuntu20', version: '9' }, catalog: [{ ...packaged }] })).toEqual(
      ['POLICY_INVALID defaultClient: ubuntu20/9 is not in the catalog; it has ubuntu24/500'],
    );
    expect(faultsOf({ imagePullSecrets: ['A'] })).toEqual([
      'POLICY_INVALID imagePullSecrets[0]: must be the name of a Secret: lower case letters, digits, "-" and "."',
    ]);
    expect(faultsOf({ clientImgae: 'x' })[0]).toContain('clientImgae');
  });
});
