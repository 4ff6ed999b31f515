import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.ts';
import { formatServerAddress, parseServerAddress } from './server-address.ts';
import { formatServersConf, parseServersConf, type ServersConf } from './servers-conf.ts';

const at = (host: string): { host: string; port: number } => ({ host, port: 56001 });

describe('parseServersConf', () => {
  it.each<[string, ServersConf]>([
    [
      'servers-lines.conf',
      {
        form: 'lines',
        servers: [{ addresses: [at('10.196.180.12')] }, { addresses: [at('10.196.180.13')] }],
      },
    ],
    [
      'servers-flexdirect.conf',
      {
        form: 'lines',
        servers: [{ addresses: [at('10.196.180.12')] }, { addresses: [at('10.196.180.13')] }],
      },
    ],
    ['servers-4.x.conf', { form: 'yaml', servers: [{ addresses: [at('10.202.122.248')] }] }],
    [
      'servers-reachable.conf',
      { form: 'yaml', servers: [{ addresses: [at('10.117.32.150')], reachable: at('10.117.32.150') }] },
    ],
  ])('§8: %s', (name, value) => {
    expect(parseServersConf(fixture(`files/${name}`))).toEqual({ ok: true, value });
  });

  it.each([
    ['', [{ code: 'SERVERS_EMPTY' }]],
    ['# none yet\n', [{ code: 'SERVERS_EMPTY' }]],
    [
      'a:1 # one\nb\n\nc:0\nd:99999\n',
      [
        { code: 'ADDRESS_INVALID', at: 'line 2', text: 'b' },
        { code: 'ADDRESS_INVALID', at: 'line 4', text: 'c:0' },
        { code: 'ADDRESS_INVALID', at: 'line 5', text: 'd:99999' },
      ],
    ],
    ['servers:\n', [{ code: 'SHAPE_INVALID', at: 'servers', expected: 'a list that is not empty' }]],
    [
      'servers:\n- addresses: []\n- h:1\n- reachable:10.2.3.4:5\n  addresses:\n  - x\n',
      [{ code: 'YAML_INVALID', line: 4, reason: 'MULTILINE_IMPLICIT_KEY' }],
    ],
    [
      'servers:\n- addresses: []\n- h:1\n- addresses: [x, [y]]\n  reachable: z\n',
      [
        { code: 'SHAPE_INVALID', at: 'servers[0].addresses', expected: 'a list that is not empty' },
        { code: 'SHAPE_INVALID', at: 'servers[1]', expected: 'a map with addresses' },
        { code: 'ADDRESS_INVALID', at: 'servers[2].addresses[0]', text: 'x' },
        { code: 'SHAPE_INVALID', at: 'servers[2].addresses[1]', expected: 'host:port' },
        { code: 'ADDRESS_INVALID', at: 'servers[2].reachable', text: 'z' },
      ],
    ],
  ])('§8: every fault of %j', (text, error) => {
    const read = parseServersConf(text);
    expect(read.ok ? [] : read.error).toMatchObject(error);
  });

  const host = fc.oneof(fc.ipV4(), fc.domain(), fc.ipV6());
  const address = fc.record({ host, port: fc.integer({ min: 1, max: 65535 }) });
  const addresses = fc.array(address, { minLength: 1, maxLength: 3 });

  it('§8: what is written is read back, in either form', () => {
    const yaml = fc.record({
      form: fc.constant('yaml' as const),
      servers: fc.array(fc.record({ addresses, reachable: address }, { requiredKeys: ['addresses'] }), {
        minLength: 1,
      }),
    });
    const lines = fc.record({
      form: fc.constant('lines' as const),
      servers: fc.array(fc.record({ addresses: address.map((one) => [one]) }), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.oneof(yaml, lines), (conf) => {
        expect(parseServersConf(formatServersConf(conf))).toEqual({ ok: true, value: conf });
      }),
    );
  });

  it('§8: no text throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `servers: ${text}`),
        ),
        (text) => {
          parseServersConf(text);
        },
      ),
    );
  });
});

describe('parseServerAddress', () => {
  it.each([
    ['h:1', { host: 'h', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65535 }],
    ['h', undefined],
    ['h:', undefined],
    [':1', undefined],
    ['::1:1', undefined],
    ['h:65536', undefined],
    ['https://h:1', undefined],
    ['h:1 ', undefined],
  ])('§8: %j', (text, address) => {
    expect(parseServerAddress(text)).toEqual(address);
    if (address !== undefined) expect(formatServerAddress(address)).toBe(text);
  });
});
