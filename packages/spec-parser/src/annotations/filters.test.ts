import { describe, expect, it } from 'vitest';
import { errorsOf, gpuPod, parse } from '../../test/pods.ts';
import type { ClientCatalog } from './catalog.ts';

const field = 'metadata.annotations[bitfusion-client/filter]';

describe('bitfusion-client/filter', () => {
  it.each([
    ['device.index=0', ['device.index=0']],
    ['a=1 b!=2 c<3 d<=4 e>5 f>=6', ['a=1', 'b!=2', 'c<3', 'd<=4', 'e>5', 'f>=6']],
    ['  server.has-rdma=true \t\n x_1=y  ', ['server.has-rdma=true', 'x_1=y']],
    ['addr=10.0.0.1:56001 name=a=b path=/x,y', ['addr=10.0.0.1:56001', 'name=a=b', 'path=/x,y']],
    ['a=1 a=1', ['a=1', 'a=1']],
    ['', []],
    ['   ', []],
  ])('B3: %j is %j', (text, filters) => {
    const pod = gpuPod({ 'bitfusion-client/filter': text });
    expect(errorsOf(pod)).toEqual([]);
    expect(parse(pod).request?.filters).toEqual(filters);
  });

  it.each([
    'key',
    '=value',
    'key=',
    'key>=',
    'a==b',
    'a=<b',
    'a=>b',
    '1a=b',
    '-a=b',
    'a;b=c',
    '$(A)=b',
    '!=',
    '=',
  ])('B3: the item %j is malformed', (item) => {
    const pod = gpuPod({ 'bitfusion-client/filter': `good=1 ${item} better=2` });
    expect(errorsOf(pod)).toHaveLength(1);
    expect(errorsOf(pod)[0]).toContain(`${field}: Invalid value: "${item}": must be key=value`);
    expect(parse(pod)).toMatchObject({
      request: { filters: ['good=1', 'better=2'] },
      errors: [{ type: 'Invalid', value: item, code: 'SPEC_FILTER_INVALID' }],
    });
  });

  it.each([
    ['key = value', 'key=value'],
    ['key= value', 'key=value'],
    ['device.index >= 2', 'device.index>=2'],
  ])('B3, B83: blanks around the sign of %j are one error, with the edit', (text, edit) => {
    const { errors } = parse(gpuPod({ 'bitfusion-client/filter': `a=1 ${text} b=2` }));
    expect(errors).toMatchObject([{ value: text }]);
    expect(errors[0]?.detail).toContain(`write "${edit}"`);
  });

  it.each(['250', '300'])('B3: client %s does not know filters', (version) => {
    const pod = gpuPod({ 'bitfusion-client/filter': 'a=1', 'bitfusion-client/version': version });
    const detail = `filters need a client of version 400 or later, the chosen one is "${version}"`;
    expect(errorsOf(pod)).toEqual([`${field}: Forbidden: ${detail}`]);
  });

  it.each(['401', '450', 'preinstalled'])('B3: client %s takes filters', (version) => {
    const pod = gpuPod({ 'bitfusion-client/filter': 'a=1', 'bitfusion-client/version': version });
    expect(errorsOf(pod)).toEqual([]);
  });

  it('B3: a preinstalled client of a known version is judged by it', () => {
    const entry = { kind: 'preinstalled', os: 'a', version: '250', binary: '/usr/bin/bitfusion' } as const;
    const catalog: ClientCatalog = { entries: [entry], default: entry };
    const { errors } = parse(gpuPod({ 'bitfusion-client/filter': 'a=1' }), { catalog });
    expect(errors.map((error) => error.code)).toEqual(['SPEC_FILTER_CLIENT_TOO_OLD']);
  });

  it('B3: malformed items are reported beside an unknown client', () => {
    const { errors } = parse(gpuPod({ 'bitfusion-client/filter': 'x', 'bitfusion-client/version': '1' }));
    expect(errors.map((error) => error.code)).toEqual(['SPEC_CLIENT_UNSUPPORTED', 'SPEC_FILTER_INVALID']);
  });
});
