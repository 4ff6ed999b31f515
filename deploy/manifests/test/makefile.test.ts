import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { chartDirectory } from '../src/paths.ts';

const root = join(import.meta.dirname, '../../..');

/** What `make deploy` would run, and what it says. */
function deploy(...variables: readonly string[]) {
  const { status, stdout, stderr } = spawnSync('make', ['--dry-run', 'deploy', ...variables], {
    cwd: root,
    encoding: 'utf8',
    // A make that runs these tests hands on its own variables.
    env: { PATH: process.env['PATH'] },
  });
  const settings = Array.from(stdout.matchAll(/--set-string ([\w.]+)=(\S+)/g), ([, key = '', value = '']) => {
    return [key, value] as const;
  });
  return { status, stdout, stderr, values: new Map(settings) };
}

describe('make deploy', () => {
  it("takes the original's variables", () => {
    const { status, values } = deploy(
      'IMAGE_REPO=registry.example/gpu',
      'WEBHOOK_IMAGE_NAME=w',
      'DEVICE_IMAGE_NAME=d',
      'PKG_IMAGE_NAME=c',
      'IMAGE_TAG=7',
      'TOTAL_GPU_MEMORY=16000',
    );
    expect(status).toBe(0);
    expect(Object.fromEntries(values)).toEqual({
      'image.repository': 'registry.example/gpu',
      'image.tag': '7',
      'webhook.image.name': 'w',
      'devicePlugin.image.name': 'd',
      'client.image.name': 'c',
      totalGpuMemory: '16000',
    });
  });

  it('sets values that the chart has, by default those that it has anyway', () => {
    const chart = parse(readFileSync(join(chartDirectory, 'values.yaml'), 'utf8')) as unknown;
    const at = (path: string): unknown =>
      path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], chart);
    const { values } = deploy();
    expect(values.get('image.tag')).toBe(
      (parse(readFileSync(join(chartDirectory, 'Chart.yaml'), 'utf8')) as { appVersion: string }).appVersion,
    );
    for (const [path, value] of values) {
      if (path !== 'image.tag') expect(at(path), path).toBe(value);
    }
    expect(values.has('totalGpuMemory')).toBe(false);
  });

  it('knows two platforms', () => {
    expect(deploy('K8S_PLATFORM=tkgi').stdout).toContain('--values deploy/helm/bwki/values-tkgi.yaml');
    expect(deploy().stdout).not.toContain('--values deploy');
    const { status, stderr } = deploy('K8S_PLATFORM=openshift');
    expect(status).not.toBe(0);
    expect(stderr).toContain("K8S_PLATFORM is community or tkgi, and not 'openshift'");
  });
});
