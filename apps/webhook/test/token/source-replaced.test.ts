import { ok } from '@bwki/plain-data';
import { expect, it, vi } from 'vitest';

import { inMemory, ours, secretIn, token } from './token-copies-in-memory.ts';

it('B52: replaced while a copy is being written, the pod waits and gets the new one', async () => {
  await using memory = inMemory();
  await memory.ensure('other');
  memory.clock.sleep = async (_: number, signal?: AbortSignal) => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    signal?.addEventListener('abort', () => {
      resolve(undefined);
    });
    // Until the new one is there, or for as long as the test takes.
    await Promise.race([promise, new Promise((end) => setTimeout(end, 2000))]);
  };
  memory.api.intercept = async ({ verb, namespace }) => {
    if (verb !== 'create' || namespace !== 'team') return undefined;
    memory.api.intercept = () => undefined;
    memory.api.remove('kube-system');
    await vi.waitFor(async () => {
      expect(await memory.outcomes()).toMatchObject({ source_deleted: 1 });
    });
    setTimeout(() => memory.api.put(secretIn('kube-system', token('2'))), 50);
    // Another replica was faster with the old one: it has to be looked at again, and there is no source then.
    memory.api.put(secretIn('team', token('0'), ours()));
    return undefined;
  };
  expect(await memory.ensure('team')).toEqual(ok(undefined));
  expect(memory.api.get('team')?.data).toEqual(token('2'));
});
