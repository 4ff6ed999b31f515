import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.ts';
import { parseClientYaml } from './client-yaml.ts';

/** Everything that printing, logging and serialising can make of a value. */
function printed(value: object): string {
  const text: (it: unknown) => string = String;
  const deep = inspect(value, { depth: 9, showHidden: true, getters: true });
  return [text(value), JSON.stringify(value), deep, Object.entries(value).join()].join('\n');
}

describe('parseClientYaml', () => {
  it('§8: a file as it is downloaded', () => {
    const read = parseClientYaml(fixture('files/client.yaml'));
    expect(read).toMatchObject({
      ok: true,
      value: {
        version: undefined,
        ssl: true,
        paths: {
          caCertificate: '/etc/bitfusion/tls/ca.crt',
          key: '/etc/bitfusion/tls/bitfusion.key',
          certificate: '/etc/bitfusion/tls/bitfusion.crt',
          databaseCertificate: '/etc/bitfusion/tls/ca.crt',
        },
        timeout: '3s',
        authentication: { enabled: true },
      },
    });
    expect(read.ok && read.value.authentication.token?.reveal()).toBe('redacted');
  });

  it('§8: a token of digits stays as it is written', () => {
    const read = parseClientYaml('authconfig: { token: 0123456789012345678901e5 }');
    expect(read.ok && read.value.authentication.token?.reveal()).toBe('0123456789012345678901e5');
  });

  it('§8: without authentication no token is needed', () => {
    expect(parseClientYaml('authconfig: { enabled: no }')).toMatchObject({ ok: true });
  });

  it.each([
    ['', [{ code: 'FIELD_TYPE', field: '', expected: 'a map' }]],
    ['just a text', [{ code: 'FIELD_TYPE', field: '', expected: 'a map' }]],
    ['ssl: true', [{ code: 'TOKEN_MISSING' }]],
    ['authconfig: { enabled: true, token: "" }', [{ code: 'TOKEN_MISSING' }]],
    ['authconfig: { token: null }', [{ code: 'TOKEN_MISSING' }]],
    [
      'ssl: maybe\ntimeout: [3s]\nauthconfig: { enabled: 2, token: { a: b } }',
      [
        { code: 'FIELD_TYPE', field: 'authconfig.token', expected: 'a text' },
        { code: 'FIELD_TYPE', field: 'ssl', expected: 'true or false' },
        { code: 'FIELD_TYPE', field: 'timeout', expected: 'a text' },
        { code: 'FIELD_TYPE', field: 'authconfig.enabled', expected: 'true or false' },
      ],
    ],
    ['authconfig: x', [{ code: 'FIELD_TYPE', field: 'authconfig', expected: 'a map' }]],
    ['ssl: true\n\ta: b', [{ code: 'YAML_INVALID', line: 2, reason: 'TAB_AS_INDENT' }]],
  ])('§8: every fault of %j', (text, error) => {
    const read = parseClientYaml(text);
    expect(read.ok ? [] : read.error).toEqual(expect.arrayContaining(error));
  });

  const token = 'S3cr3tT0ken';

  it('§8: the token is printed nowhere', () => {
    const read = parseClientYaml(`authconfig: { token: ${token} }`);
    const secret = read.ok ? read.value.authentication.token : undefined;
    expect(secret?.reveal()).toBe(token);
    expect(String(secret)).toBe('[redacted]');
    expect(printed({ secret })).not.toContain(token);
    expect(printed(read)).not.toContain(token);
  });

  it.each([
    `authconfig: *${token}`,
    `authconfig: { token: &${token} }\n- *x`,
    `authconfig: { token: !${token} x }`,
    `authconfig: { token: "${token}`,
    `authconfig: { token: '${token}`,
    `authconfig: { ${token}: a, ${token}: b }`,
    `authconfig:\n\ttoken: ${token}`,
    `authconfig: ${token}`,
    `token: ${token}`,
    `authconfig: { enabled: ${token}, token: [${token}] }`,
    `%YAML ${token}\n---\n${token}`,
    token,
  ])('§8: nor in the faults of %j', (text) => {
    const read = parseClientYaml(text);
    expect(printed(read)).not.toContain(token);
  });

  it('§8: no text throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `authconfig: {${text}}`),
        ),
        (text) => {
          parseClientYaml(text);
        },
      ),
    );
    expect(
      parseClientYaml(
        'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]',
      ),
    ).toMatchObject({ ok: false });
  });
});
