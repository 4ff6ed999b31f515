import { ok } from '@bwki/plain-data';
import { describe, expect, it } from 'vitest';

import { gpuContainer, injection, podOf, policyOf } from '../../test/gpu-pod.ts';
import { resolveImageConfigs, type ImageConfigContext, type ImageConfigResolver } from './image-config.ts';

const context: ImageConfigContext = { namespace: 'team', pullSecrets: ['pull'] };

function recordingResolver(): { asked: unknown[]; resolver: ImageConfigResolver } {
  const asked: unknown[] = [];
  const resolver: ImageConfigResolver = {
    resolve: (image, given) => {
      asked.push([image, given]);
      return Promise.resolve(ok({ entrypoint: [image], cmd: [] }));
    },
  };
  return { asked, resolver };
}

describe('resolveImageConfigs', () => {
  const pod = podOf(
    [
      gpuContainer({ name: 'a', image: 'one', command: [] }),
      gpuContainer({ name: 'b', image: 'one', command: [] }),
      gpuContainer({ name: 'c', image: 'with-command' }),
      { name: 'd', image: 'no-gpu' },
    ],
    { initContainers: [gpuContainer({ name: 'e', image: 'two', command: [] })] },
  );

  it('B34: asks once for each image of a GPU container without a command', async () => {
    const { asked, resolver } = recordingResolver();
    const configs = await resolveImageConfigs(pod, policyOf(), resolver, context);
    expect(asked).toEqual([
      ['two', context],
      ['one', context],
    ]);
    expect(configs.get('one')).toEqual(ok({ entrypoint: ['one'], cmd: [] }));
  });

  it('B34: asks nothing in mode injection, where the command does not matter', async () => {
    const { asked, resolver } = recordingResolver();
    await resolveImageConfigs(
      { ...pod, metadata: { annotations: injection } },
      policyOf(),
      resolver,
      context,
    );
    expect(asked).toEqual([]);
  });

  it.each([null, 'pod', { spec: { containers: 'x' } }, { metadata: { annotations: [] } }])(
    'B34: asks nothing for %j',
    async (broken) => {
      const { asked, resolver } = recordingResolver();
      await resolveImageConfigs(broken as object, policyOf(), resolver, context);
      expect(asked).toEqual([]);
    },
  );
});
