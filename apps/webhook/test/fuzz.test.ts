import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { gpuContainer, gpuPod, reviewOf } from './review.ts';
import { standalone, type Standalone } from './standalone.ts';

let ours: Standalone;
beforeAll(async () => {
  ours = await standalone();
});
afterAll(() => ours[Symbol.asyncDispose]());

const settings = { seed: 4, numRuns: 1500 };
const key = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'name', 'limits', 'bitfusion.io/gpu'),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, -1, 1e300, '', 'all', '1', '50', 'bitfusion run -n 1 x', [], {}),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** Every place of a JSON value, the whole included. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, child]) => places(child, [...path, name]))];
}

function withValueAt(value: unknown, [step, ...rest]: readonly string[], replacement: unknown): unknown {
  if (step === undefined) return replacement;
  const copy = (Array.isArray(value) ? Array.from<unknown>(value) : { ...(value as object) }) as object;
  const child: unknown = Reflect.get(copy, step);
  Reflect.set(copy, step, withValueAt(child, rest, replacement));
  return copy;
}

const full = reviewOf({
  ...gpuPod('all', {
    ...gpuContainer,
    args: ['--x'],
    env: [
      { name: 'LD_LIBRARY_PATH', value: '/x' },
      { name: 'Y', valueFrom: { fieldRef: { fieldPath: 'x' } } },
    ],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
    securityContext: { runAsUser: 1000 },
  }),
});
const base = withValueAt(
  full,
  ['request', 'object', 'metadata', 'annotations', 'bitfusion-client/home'],
  '/home/x',
);
const somewhere = fc.constantFrom(...places(base));
const review = fc
  .array(fc.tuple(somewhere, json), { minLength: 1, maxLength: 3 })
  .map((changes) =>
    changes.reduce((value: unknown, [path, change]) => withValueAt(value, path, change), base),
  );

async function checkAnswer(body: string | Buffer, path: string): Promise<void> {
  const { status, text } = await ours.client.send(path, body);
  if (status !== 200) {
    expect({ status, text }).toEqual({
      status: 400,
      text: expect.stringMatching(/^(not an|the body)/) as unknown,
    });
    return;
  }
  const { request } = JSON.parse(body.toString()) as { request: { uid: string } };
  const { response } = JSON.parse(text) as {
    response: { uid: string; allowed: boolean; warnings?: string[] };
  };
  expect(response.uid).toBe(request.uid);
  expect(typeof response.allowed).toBe('boolean');
  for (const warning of response.warnings ?? []) expect(warning.length).toBeLessThanOrEqual(120);
}

const path = fc.constantFrom('/mutate', '/validate');

describe('B50: reviews that were tampered with', () => {
  it('B50: each is answered with its uid, or with a 400; none is a bug', async () => {
    const law = fc.asyncProperty(review, path, async (value, where) => {
      await checkAnswer(JSON.stringify(value), where);
    });
    await fc.assert(law, settings);
  });

  it('B50: the same for an UPDATE, whose two pods are compared', async () => {
    const pod = fc.oneof(
      review.map((value) => (value as { request?: { object?: unknown } } | null)?.request?.object),
      json,
    );
    const law = fc.asyncProperty(pod, pod, async (object, oldObject) => {
      await checkAnswer(JSON.stringify(reviewOf(object, { operation: 'UPDATE', oldObject })), '/validate');
    });
    await fc.assert(law, { ...settings, numRuns: 500 });
  });

  it('B50: bytes that were changed, cut out or repeated have an answer', async () => {
    const bytes = Buffer.from(JSON.stringify(base));
    const at = fc.nat(bytes.length);
    const edit = fc.tuple(at, fc.nat(20), fc.uint8Array({ maxLength: 8 }));
    const law = fc.asyncProperty(
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      path,
      async (edits, where) => {
        const body = edits.reduce(
          (old, [start, length, more]) =>
            Buffer.concat([old.subarray(0, start), more, old.subarray(start + length)]),
          bytes,
        );
        await checkAnswer(body, where);
      },
    );
    await fc.assert(law, { ...settings, numRuns: 500 });
  });
});
