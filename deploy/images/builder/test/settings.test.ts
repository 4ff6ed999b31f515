import { describe, expect, it } from 'vitest';

import { archiveOf, readSettings } from '../src/settings.ts';

const names = {
  IMAGE_REPO: 'docker.io/bitfusiondeviceplugin',
  DEVICE_IMAGE_NAME: 'device',
  WEBHOOK_IMAGE_NAME: 'hook',
  PKG_IMAGE_NAME: 'client',
  IMAGE_TAG: '0.1',
};

describe('the variables of make', () => {
  it('name the images', () => {
    expect(Object.values(readSettings(names).references)).toEqual([
      'docker.io/bitfusiondeviceplugin/hook:0.1',
      'docker.io/bitfusiondeviceplugin/device:0.1',
      'docker.io/bitfusiondeviceplugin/client:0.1',
    ]);
  });

  it('count as not given where they are empty', () => {
    expect(readSettings({ ...names, CLIENT_PACKAGES: '', NODE_BASE: '' })).toMatchObject({
      clientPackages: undefined,
      nodeBase: undefined,
    });
    expect(() => readSettings({ ...names, IMAGE_TAG: '' })).toThrow('IMAGE_TAG is not set');
  });

  it('are refused where they make no sense', () => {
    expect(readSettings({ ...names, SOURCE_DATE_EPOCH: '0' }).epoch).toBe(0);
    expect(() => readSettings({ ...names, SOURCE_DATE_EPOCH: 'now' })).toThrow("SOURCE_DATE_EPOCH is 'now'");
  });

  it('give an archive its name, without the registry', () => {
    expect(archiveOf('dist', 'r.example:5000/bwki/bitfusion-webhook:0.1')).toBe(
      'dist/bitfusion-webhook-0.1.tar',
    );
  });
});
