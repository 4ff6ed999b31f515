import { describe, expect, it } from 'vitest';

import { styleFor } from '../terminal/style.ts';
import { devicePluginText } from './device-plugin-text.ts';
import { tryDevicePlugin } from './try-device-plugin.ts';

const plain = styleFor({ isTTY: false, write: () => undefined }, {});

describe('the device plugin of the demo', () => {
  it('§8, B66: shows what a node says while the pool and the kubelet come and go', async () => {
    const text = devicePluginText(await tryDevicePlugin(AbortSignal.timeout(20_000)), plain);
    expect(text.replace(/in \d+ ms/, 'in N ms')).toMatchInlineSnapshot(`
      "Units of bitfusion.io/gpu that a node shows, by the device plugin at a kubelet for tests:

      WHAT HAPPENS                               CAPACITY  ALLOCATABLE
      the plugin registers; the pool has 4 GPUs  400       400
      a container takes half a GPU               400       400          BITFUSION_GPU_UNITS=50
      a GPU is added to the pool                 500       500
      the pool cannot be reached                 500       0            running pods stay, new ones wait
      the pool answers again                     500       500
      the kubelet restarts                       500       500          registered again in N ms
      the plugin ends                            500       0
      "
    `);
  });

  it('§8: ends when it is interrupted', async () => {
    await expect(tryDevicePlugin(AbortSignal.abort(new Error('interrupted')))).rejects.toThrow('interrupted');
  });
});
