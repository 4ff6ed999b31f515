import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { bundleApp, type Bundle } from '../src/bundle-app.ts';
import { stageApp } from '../src/stage-app.ts';
import { StagedTree } from '../src/staged-tree.ts';
import { post, runningWebhook } from './running-webhook.ts';
import { license, workspace } from './workspace.ts';

/** Bundles and programs of the sources take their time on a busy machine. */
const patience = 120_000;
vi.setConfig({ testTimeout: patience, hookTimeout: patience });

const programs = readdirSync(join(workspace, 'apps')).filter((name) => name !== 'cli');

/** A pod that the webhook changes, and one that it refuses. */
function review(resources: Readonly<Record<string, string>>): unknown {
  const container = {
    name: 'main',
    image: 'tensorflow',
    command: ['python'],
    resources: { limits: resources },
  };
  const annotations = { 'auto-management/bitfusion': 'all' };
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      namespace: 'default',
      operation: 'CREATE',
      object: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'pod', annotations },
        spec: { containers: [container] },
      },
    },
  };
}

const root = mkdtempSync(join(tmpdir(), 'bwki-images-'));
beforeAll(async () => {
  for (const name of programs) {
    await stageApp(new StagedTree(join(root, name)), join(workspace, 'apps', name), license);
  }
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe.each(programs)('the program %s as its image has it', (name) => {
  it('runs from its one file, far from any package', () => {
    const directory = join(root, name);
    const run = (argument: string) =>
      spawnSync(process.execPath, [join(directory, 'app/dist/main.js'), argument], {
        encoding: 'utf8',
        cwd: directory,
        env: {},
      });
    expect(readdirSync(join(directory, 'app'))).toEqual(['dist', 'package.json']);
    expect(readdirSync(join(directory, 'app/dist'))).toEqual(['main.js']);
    expect(run('--version')).toMatchObject({ status: 0, stdout: '0.1.0\n', stderr: '' });
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toContain(`Usage: bwki-${name}`);
  });

  it('comes with a licence for everything in it', async () => {
    const texts = readFileSync(join(root, name, `licenses/${name}-bundled.txt`), 'utf8');
    const { packages } = await bundleApp(join(workspace, 'apps', name));
    for (const part of packages) expect(part.license, part.name).not.toBe('');
    const own = packages.filter((part) => part.name.startsWith('@bwki/'));
    for (const { name: other, version, licenseText } of packages.filter((part) => !own.includes(part))) {
      expect(texts).toContain(`${other} ${version}`);
      expect(texts).toContain(licenseText);
    }
    expect(existsSync(join(root, name, 'licenses/bwki.txt'))).toBe(true);
  });
});

describe('the bundled webhook', () => {
  it.each([
    ['changed', { 'bitfusion.io/gpu-amount': '1', 'bitfusion.io/gpu-percent': '50' }],
    ['refused', { 'bitfusion.io/gpu-amount': 'many' }],
  ])('answers as the one of the sources does: a pod that is %s', async (_, resources) => {
    const source = join(workspace, 'apps/webhook/src/main.ts');
    const [bundled, unbundled] = await Promise.all([
      runningWebhook([join(root, 'webhook/app/dist/main.js')]),
      runningWebhook(['--conditions=@bwki/source', source]),
    ]);
    const asked = review(resources);
    const answer = await post(`${bundled}/mutate`, asked);
    expect(answer).toMatchObject({ response: { uid: '705ab4f5-6393-11e8-b7cc-42010a800002' } });
    expect(answer).toEqual(await post(`${unbundled}/mutate`, asked));
  });
});

describe('a bundle', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleApp(join(workspace, 'apps/webhook'));
  });

  it('has the same bytes each time', async () => {
    expect((await bundleApp(join(workspace, 'apps/webhook'))).code).toBe(bundle.code);
  });

  it('is ASCII, which V8 keeps at one byte a character', () => {
    expect(/[^\p{ASCII}]/u.exec(bundle.code)).toBeNull();
  });

  it('holds none of the generated classes, and keeps names and lines for stack traces', () => {
    expect(bundle.code).not.toContain('class V1Pod ');
    expect(bundle.code).toMatch(/^.*function startWebhook\(options, \w+\) \{$/m);
  });

  it('is not made where an import would be missing in the image', async () => {
    const app = join(root, 'broken');
    mkdirSync(join(app, 'src'), { recursive: true });
    writeFileSync(join(app, 'package.json'), '{ "name": "broken", "version": "1.0.0" }');
    writeFileSync(join(app, 'src/main.ts'), "import 'no-such-package';\n");
    await expect(bundleApp(app)).rejects.toThrow('no-such-package');
  });
});
