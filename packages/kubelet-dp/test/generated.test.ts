import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Of Kubernetes' `api.proto`: what is on the wire. Read in each minor version from 1.17 to 1.37. */
const kubernetes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Empty: {},
  RegisterRequest: { 1: 'string', 2: 'string', 3: 'string', 4: 'DevicePluginOptions' },
  DevicePluginOptions: { 1: 'bool', 2: 'bool' },
  ListAndWatchResponse: { 1: 'repeated Device' },
  TopologyInfo: { 1: 'repeated NUMANode' },
  NUMANode: { 1: 'int64' },
  Device: { 1: 'string', 2: 'string', 3: 'TopologyInfo' },
  PreStartContainerRequest: { 1: 'repeated string' },
  PreStartContainerResponse: {},
  PreferredAllocationRequest: { 1: 'repeated ContainerPreferredAllocationRequest' },
  ContainerPreferredAllocationRequest: { 1: 'repeated string', 2: 'repeated string', 3: 'int32' },
  PreferredAllocationResponse: { 1: 'repeated ContainerPreferredAllocationResponse' },
  ContainerPreferredAllocationResponse: { 1: 'repeated string' },
  AllocateRequest: { 1: 'repeated ContainerAllocateRequest' },
  ContainerAllocateRequest: { 1: 'repeated string' },
  CDIDevice: { 1: 'string' },
  AllocateResponse: { 1: 'repeated ContainerAllocateResponse' },
  ContainerAllocateResponse: {
    1: 'map<string, string>',
    2: 'repeated Mount',
    3: 'repeated DeviceSpec',
    4: 'map<string, string>',
    5: 'repeated CDIDevice',
  },
  Mount: { 1: 'string', 2: 'string', 3: 'bool' },
  DeviceSpec: { 1: 'string', 2: 'string', 3: 'string' },
};

describe("the kubelet's API", () => {
  it('B61: has the messages, field numbers and types of Kubernetes', () => {
    const messages = Array.from(read('proto/v1beta1.proto').matchAll(/^message (\w+) \{([^}]*)\}/gm));
    const ours = messages.map(([, name, body = '']) => [
      name,
      Object.fromEntries(
        Array.from(body.matchAll(/^ {2}([\w<>, ]+) \w+ = (\d+);$/gm), ([, type, number]) => [
          String(number),
          type,
        ]),
      ),
    ]);
    expect(Object.fromEntries(ours)).toEqual(kubernetes);
  });

  it('B61: has the services and methods of Kubernetes', () => {
    const paths = Array.from(
      read('src/generated/v1beta1.ts').matchAll(/path: "([^"]+)"/g),
      ([, path]) => path,
    );
    expect(paths.sort()).toEqual([
      '/v1beta1.DevicePlugin/Allocate',
      '/v1beta1.DevicePlugin/GetDevicePluginOptions',
      '/v1beta1.DevicePlugin/GetPreferredAllocation',
      '/v1beta1.DevicePlugin/ListAndWatch',
      '/v1beta1.DevicePlugin/PreStartContainer',
      '/v1beta1.Registration/Register',
    ]);
  });

  it('is generated from the file that is here: else run `npm run generate -w @bwki/kubelet-dp`', () => {
    const directory = mkdtempSync(join(tmpdir(), 'kubelet-dp-'));
    try {
      const template = join(directory, 'buf.gen.yaml');
      writeFileSync(template, read('buf.gen.yaml').replace('out: src/generated', `out: ${directory}`));
      execFileSync('buf', ['generate', 'proto', '--template', template], {
        cwd: root,
        env: {
          PATH: `${join(root, '../../node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
          HOME: directory,
        },
        stdio: 'pipe',
      });
      expect(read('src/generated/v1beta1.ts')).toBe(readFileSync(join(directory, 'v1beta1.ts'), 'utf8'));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
