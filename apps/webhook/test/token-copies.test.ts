import { err, ok, type Result } from '@bwki/plain-data';
import { describe, expect, it } from 'vitest';

import type { TokenCopies, TokenFault } from '../src/admission/token-copies.ts';
import { gpuPod, plainPod, reviewOf } from './review.ts';
import { standalone } from './standalone.ts';

/** Token copies that are as `result` says, and remember who asked. */
function copies(result: () => Promise<Result<void, TokenFault>>): TokenCopies & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    ensure: (namespace) => {
      asked.push(namespace);
      return result();
    },
  };
}

describe('B52: the token comes before the answer', () => {
  it('B52: is asked for in the namespace of the request, for a mutation that changes something', async () => {
    const tokenCopies = copies(() => Promise.resolve(ok(undefined)));
    await using ours = await standalone({}, { tokenCopies });
    expect((await ours.client.review('/mutate', reviewOf(gpuPod()))).patch).toBeDefined();
    expect(tokenCopies.asked).toEqual(['team-vision']);
  });

  it('B51: a dry run asks for none', async () => {
    const tokenCopies = copies(() => Promise.resolve(ok(undefined)));
    await using ours = await standalone({}, { tokenCopies });
    expect((await ours.client.review('/mutate', reviewOf(gpuPod(), { dryRun: true }))).patch).toBeDefined();
    expect(tokenCopies.asked).toEqual([]);
  });

  it('B52: nor does a pod that is left alone, one that is refused, or /validate', async () => {
    const tokenCopies = copies(() => Promise.resolve(ok(undefined)));
    await using ours = await standalone({}, { tokenCopies });
    await ours.client.review('/mutate', reviewOf(plainPod));
    await ours.client.review('/mutate', reviewOf(gpuPod('nonsense')));
    await ours.client.review('/validate', reviewOf(gpuPod()));
    expect(tokenCopies.asked).toEqual([]);
  });

  it.each([
    ['somebody has to mend', false, 422, 'Invalid'],
    ['passes by itself', true, 503, 'ServiceUnavailable'],
  ])('B52: a fault that %s is a refusal that says what to do', async (_, retryable, code, reason) => {
    const fault = { code: 'TOKEN_SOURCE_MISSING', detail: 'run kubectl create secret …', retryable };
    await using ours = await standalone({}, { tokenCopies: copies(() => Promise.resolve(err(fault))) });
    const answer = await ours.client.review('/mutate', reviewOf(gpuPod()));
    expect(answer).toMatchObject({ allowed: false, status: { code, reason } });
    expect(answer.status?.message).toBe('run kubectl create secret … (TOKEN_SOURCE_MISSING)');
    expect(answer.patch).toBeUndefined();
  });

  it('B52: a token that does not come ends with the time that the API server gives', async () => {
    await using ours = await standalone({}, { tokenCopies: copies(() => new Promise(() => undefined)) });
    const start = performance.now();
    const { text } = await ours.client.send('/mutate?timeout=200ms', JSON.stringify(reviewOf(gpuPod())));
    expect(performance.now() - start).toBeLessThan(5000);
    expect(text).toMatch(/"code":503.*ADMISSION_TOKEN_TIMEOUT/);
  });

  it('B52: what waits for a token is told when the client goes away', async () => {
    const gone = Promise.withResolvers<undefined>();
    const tokenCopies: TokenCopies = {
      ensure: (_, signal) =>
        new Promise((resolve) => {
          started.resolve(undefined);
          signal.addEventListener('abort', () => {
            gone.resolve(undefined);
            resolve(ok(undefined));
          });
        }),
    };
    const started = Promise.withResolvers<undefined>();
    await using ours = await standalone({}, { tokenCopies });
    const leaving = new AbortController();
    const sent = ours.client.send('/mutate?timeout=30s', JSON.stringify(reviewOf(gpuPod())), {
      signal: leaving.signal,
    });
    await started.promise;
    leaving.abort();
    await expect(sent).rejects.toThrow(/abort/);
    await gone.promise;
  });

  it('B50: a bug is HTTP 500, so that failurePolicy decides, and nothing of its text gets out', async () => {
    const bug = (): Promise<never> => Promise.reject(new TypeError('s3cret of the pod'));
    await using ours = await standalone({}, { tokenCopies: copies(bug) });
    const { status, text } = await ours.client.send('/mutate', JSON.stringify(reviewOf(gpuPod())));
    expect(status).toBe(500);
    const line = ours.lines().find(({ outcome }) => outcome === 'error');
    expect(line).toMatchObject({ level: 'error', uid: '705ab4f5-6393-11e8-b7cc-42010a800002' });
    expect(line?.['stack']).toMatch(/^TypeError\n\s+at bug /);
    expect(text + JSON.stringify(ours.lines())).not.toMatch(/s3cret/);
  });
});
