import { connect } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { gpuContainer, gpuPod, reviewOf } from './review.ts';
import { standalone, type Standalone } from './standalone.ts';
import { patchOf } from './webhook-client.ts';

let ours: Standalone;
beforeAll(async () => {
  ours = await standalone();
});
afterAll(() => ours[Symbol.asyncDispose]());

const good = JSON.stringify(reviewOf(gpuPod()));
const request = reviewOf(gpuPod())['request'] as object;
const withRequest = (change: object): string => JSON.stringify(reviewOf(gpuPod(), change));
const invalidUtf8 = Buffer.concat([Buffer.from('{"kind":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
const mebibyte = 1024 * 1024;

const badBodies: readonly (readonly [string, string | Buffer, number, RegExp])[] = [
  ['nothing', '', 400, /not JSON/],
  ['blanks', ' \n', 400, /not JSON/],
  ['no JSON', 'kind: AdmissionReview', 400, /not JSON/],
  ['half a review', good.slice(0, good.length / 2), 400, /not JSON/],
  ['two reviews', good + good, 400, /not JSON/],
  ['NaN', '{"kind":NaN}', 400, /not JSON/],
  ['invalid UTF-8', invalidUtf8, 400, /not UTF-8/],
  ['UTF-16', Buffer.from(good, 'utf16le'), 400, /not JSON/],
  ['a number', '7', 400, /not an object/],
  ['null', 'null', 400, /not an object/],
  ['a list', `[${good}]`, 400, /not an object/],
  ['another kind', JSON.stringify(gpuPod()), 400, /kind is not/],
  ['another version', good.replace('admission.k8s.io/v1', 'admission.k8s.io/v2'), 400, /apiVersion is none/],
  ['no version', JSON.stringify({ kind: 'AdmissionReview', request }), 400, /apiVersion is none/],
  ['no request', '{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}', 400, /request is not/],
  ['a request that is a list', good.replace('"request":{', '"request":[],"x":{'), 400, /request is not/],
  ['no uid', withRequest({ uid: undefined }), 400, /request\.uid/],
  ['an empty uid', withRequest({ uid: '' }), 400, /request\.uid/],
  ['an endless uid', withRequest({ uid: 'x'.repeat(129) }), 400, /request\.uid/],
  ['no operation', withRequest({ operation: undefined }), 400, /request\.operation/],
  ['an unknown operation', withRequest({ operation: 'create' }), 400, /request\.operation/],
  ['dryRun as text', withRequest({ dryRun: 'true' }), 400, /request\.dryRun/],
  ['no namespace', withRequest({ namespace: undefined }), 400, /request\.namespace/],
  ['a namespace that is a number', withRequest({ namespace: 7 }), 400, /request\.namespace/],
  ['no pod', withRequest({ object: null }), 400, /request\.object/],
  ['a pod that is a list', withRequest({ object: [] }), 400, /request\.object/],
  ['8 MiB and a byte', Buffer.alloc(8 * mebibyte + 1, ' '), 413, /more than 8388608 bytes/],
  ['40 MiB', Buffer.alloc(40 * mebibyte, ' '), 413, /more than 8388608 bytes/],
];

describe('B50: bodies that are no review', () => {
  it.each(badBodies)('B50: %s', async (_, body, status, text) => {
    for (const path of ['/mutate', '/validate']) {
      const reply = await ours.client.send(path, body);
      expect({ status: reply.status, text: reply.text }).toEqual({
        status,
        text: expect.stringMatching(text) as unknown,
      });
    }
    expect((await ours.client.send('/mutate', good)).status).toBe(200);
  });

  it.each([
    ['application/json', 200],
    ['application/json; charset=utf-8', 200],
    ['application/json;charset="UTF-8"', 200],
    ['Application/JSON', 200],
    ['application/json; charset=latin1', 415],
    ['text/plain', 415],
    ['application/jsonp', 415],
    ['application/json; charset=utf-8; charset=latin1', 200],
    ['application/json; version=2', 415],
    [`application/json;${' '.repeat(15_000)}x`, 415],
    ['application/merge-patch+json', 415],
    ['', 415],
  ])('B50: content type %j is answered with %i', async (type, status) => {
    const reply = await ours.client.send('/mutate', good, { headers: { 'Content-Type': type } });
    expect(reply.status).toBe(status);
  });

  it('B50: a compressed body is 415, since what it unfolds to is not bounded', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    expect((await ours.client.send('/mutate', gzipSync(good), { headers })).status).toBe(415);
  });

  it('B50: another method is 405, another path 404', async () => {
    const { status, headers } = await ours.client.send('/mutate', '', { method: 'GET' });
    expect({ status, allow: headers['allow'] }).toEqual({ status: 405, allow: 'POST' });
    expect((await ours.client.send('/', good)).status).toBe(404);
    expect((await ours.client.send('/mutate/', good)).status).toBe(404);
  });

  it('B50: a body of chunks is bounded as one that says its length', async () => {
    const headers = { 'Transfer-Encoding': 'chunked' };
    expect((await ours.client.send('/mutate', good, { headers })).status).toBe(200);
    const large = Buffer.alloc(9 * mebibyte, ' ');
    expect((await ours.client.send('/mutate', large, { headers })).status).toBe(413);
    const endless = Buffer.alloc(40 * mebibyte, ' ');
    const outcome = await ours.client.send('/mutate', endless, { headers }).then(
      ({ status }) => status,
      () => 'cut off',
    );
    expect([413, 'cut off']).toContain(outcome);
  });

  it.each([
    ['half closes', false],
    ['breaks off', true],
  ])('B50: a client that %s before the end gets a 400 or nothing', async (_, breaksOff) => {
    const { port } = new URL(ours.webhook.url);
    const socket = connect({ port: Number(port), host: '127.0.0.1', ca: ours.webhook.caBundle });
    socket.on('error', () => undefined);
    socket.write(
      `POST /mutate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${good.length}\r\n\r\n`,
    );
    socket.write(good.slice(0, 100));
    if (breaksOff) setTimeout(() => socket.destroy(), 50);
    else socket.end();
    const answer = await buffer(socket).catch(() => Buffer.alloc(0));
    expect(answer.toString()).toMatch(/^(HTTP\/1\.1 400 [^]*)?$/);
    expect((await ours.client.send('/mutate', good)).status).toBe(200);
  });
});

describe('B50: bodies that are odd, yet reviews', () => {
  const deep = (levels: number, open = '[', close = ']'): string =>
    open.repeat(levels) + close.repeat(levels);
  const gpu = JSON.stringify(gpuPod());
  const answerTo = async (pod: string): Promise<{ status: number; text: string }> =>
    ours.client.send('/mutate', JSON.stringify(reviewOf('POD')).replace('"POD"', pod));

  it('B50: __proto__ is a key like any other, and changes no object', async () => {
    const pod = gpu.replace(
      '"annotations":{',
      '"__proto__":{"polluted":1},"annotations":{"__proto__":"x","constructor":"y",',
    );
    const { status, text } = await answerTo(pod);
    expect(status).toBe(200);
    const { response } = JSON.parse(text) as { response: { patch: string } };
    expect(patchOf({ uid: '', allowed: true, ...response }).length).toBeGreaterThan(0);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const request = '"__proto__":{"operation":"DELETE","dryRun":true},';
    const again = await ours.client.send('/mutate', good.replace('"request":{', `"request":{${request}`));
    expect(again.text).toBe((await ours.client.send('/mutate', good)).text);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'B50: a resource, a container and a mode named %s are read as such',
    async (name) => {
      const pod = gpu
        .replaceAll('"name":"train"', `"name":"${name}"`)
        .replace('"bitfusion.io/gpu-percent":"50"', `"bitfusion.io/gpu-percent":"50","${name}":"1"`);
      expect(await answerTo(pod)).toMatchObject({ status: 200 });
      expect((await answerTo(gpu.replace('"all"', `"${name}"`))).text).toMatch(/"allowed":false/);
    },
  );

  it('B50: of a key that is there twice the last counts', async () => {
    const { text } = await answerTo(
      gpu.replace('"bitfusion.io/gpu-percent":"50"', '$&,$&').replace('50', '500'),
    );
    expect(text).toMatch(/"allowed":true/);
    const bad = gpu.replace(/"bitfusion.io\/gpu-percent":"50"/, '$&,"bitfusion.io/gpu-percent":"500"');
    expect((await answerTo(bad)).text).toMatch(/"allowed":false/);
  });

  it.each([
    [
      'beside what is read',
      (levels: number) => gpu.replace('"spec":{', `"spec":{"x":${deep(levels)},`),
      true,
    ],
    ['in an annotation', (levels: number) => gpu.replace('"all"', deep(levels)), false],
    [
      'in objects',
      (levels: number) => gpu.replace('"all"', deep(levels, '{"a":', '}').replace(':}', ':1}')),
      false,
    ],
    ['in the command', (levels: number) => gpu.replace('"train.py"', deep(levels)), false],
    [
      'as the containers',
      (levels: number) => gpu.replace(/"containers":.*\]/, `"containers":${deep(levels)}`),
      false,
    ],
    ['as a quantity', (levels: number) => gpu.replace('"50"', deep(levels)), false],
    ['as variables', (levels: number) => gpu.replace('"image"', `"env":${deep(levels)},"image"`), false],
  ])('B70: nesting of 10,000 levels is read, of 1,000,000 refused, %s', async (_, podOf, allowed) => {
    const { status, text } = await answerTo(podOf(10_000));
    expect(status).toBe(200);
    expect(text).toContain(`"allowed":${allowed}`);
    expect(await answerTo(podOf(1_000_000))).toMatchObject({
      status: 400,
      text: 'the body is nested more than 10010 levels deep\n',
    });
  });

  it.each([
    ['-0', /must be greater|whole number|at least|allowed":false/],
    ['1e400', /"allowed":false/],
    ['-1e400', /"allowed":false/],
    ['123456789012345678901234567890', /"allowed":false/],
    ['9'.repeat(100_000), /"allowed":false/],
    ['1e-400', /"allowed":false/],
    [`"1e${'9'.repeat(10_000)}"`, /"allowed":false/],
  ])('B12: an amount of %.40s has an answer', async (amount, answer) => {
    const { status, text } = await answerTo(gpu.replace('"1"', amount));
    expect(status).toBe(200);
    expect(text).toMatch(answer);
  });

  it('B50: numbers that no double holds stand in no patch', async () => {
    const pod = { ...gpuPod('all', { ...gpuContainer, securityContext: { runAsUser: 'HUGE' } }) };
    const { status, text } = await answerTo(JSON.stringify(pod).replace('"HUGE"', '1e400'));
    expect(status).toBe(200);
    expect(text).toMatch(/"allowed":false/);
  });

  it('B50: lone surrogates and NUL travel as escapes', async () => {
    const { status, text } = await answerTo(gpu.replace('train.py', '\\ud800\\u0000'));
    expect(status).toBe(200);
    expect(text).toMatch(/"allowed":true/);
  });

  it('B50: a review of 8 MiB is answered', async () => {
    const filler = 'x'.repeat(8 * mebibyte - good.length - 20);
    const { status } = await ours.client.send(
      '/mutate',
      good.replace('"request"', `"filler":"${filler}","request"`),
    );
    expect(status).toBe(200);
  });
});
