import { describe, expect, it } from 'vitest';
import { defaultCatalog } from './catalog.ts';

describe('defaultCatalog', () => {
  it('B2: has 250 for four systems, 300, 401 and 450 for two, and every system preinstalled', () => {
    const systemsOf = (version: string): string[] =>
      defaultCatalog.entries.filter((entry) => entry.version === version).map((entry) => entry.os);
    expect(systemsOf('250')).toEqual(['ubuntu18', 'ubuntu20', 'centos7', 'centos8']);
    for (const version of ['300', '401', '450']) expect(systemsOf(version)).toEqual(['ubuntu18', 'ubuntu20']);
    expect(systemsOf('preinstalled')).toEqual(['ubuntu18', 'ubuntu20', 'ubuntu22', 'centos7', 'centos8']);
    expect(defaultCatalog.entries).toHaveLength(15);
  });

  it('B2: has its default, and no client twice', () => {
    const keys = defaultCatalog.entries.map(({ os, version }) => `${os}/${version}`);
    expect(keys).toContain(`${defaultCatalog.default.os}/${defaultCatalog.default.version}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('B2: names directories of their own, and libraries relative to them', () => {
    const packages = defaultCatalog.entries.filter((entry) => entry.kind === 'package');
    expect(new Set(packages.map((entry) => entry.package)).size).toBe(packages.length);
    for (const entry of packages) {
      expect(entry.package).toMatch(/^bitfusion-client-[a-z]+\d+[_-]\d\.\d\.\d-\d+/);
      expect(entry.libraryPath).toMatch(/^opt\/bitfusion\/lib\/x86_64-linux-gnu\/(bitfusion\/)?lib$/);
    }
  });
});
