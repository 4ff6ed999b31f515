import { err, ok, type Result } from '@bwki/plain-data';

import { SecretText } from './secret-text.ts';
import { asMap, isAbsent, parseYaml, type YamlFault } from './yaml-text.ts';

/** The fields of the client's `client.yaml` that matter here; absent ones are undefined, empty ones too. */
export interface ClientYaml {
  /** The version of the client that wrote the file, if it did. */
  readonly version: string | undefined;
  readonly ssl: boolean | undefined;
  readonly paths: ClientYamlPaths;
  /** How long the client waits for a server: a Go duration, e.g. `3s`. */
  readonly timeout: string | undefined;
  readonly authentication: {
    readonly enabled: boolean | undefined;
    /** Valid for one year from its making. */
    readonly token: SecretText | undefined;
  };
}

/** Where the client looks for its certificates. */
export interface ClientYamlPaths {
  readonly caCertificate: string | undefined;
  readonly key: string | undefined;
  readonly certificate: string | undefined;
  readonly databaseCertificate: string | undefined;
}

/** No fault repeats a value: any of them may be the token, in the wrong place. */
export type ClientYamlFault =
  | YamlFault
  | { readonly code: 'FIELD_TYPE'; readonly field: string; readonly expected: string }
  /** `authconfig` is enabled, or does not say, and has no token: every server refuses the client. */
  | { readonly code: 'TOKEN_MISSING' };

/** Reads `client.yaml` and reports every fault. Fields that are not known are left alone. */
export function parseClientYaml(text: string): Result<ClientYaml, readonly ClientYamlFault[]> {
  const document = parseYaml(text);
  if (!document.ok) return document;
  const root = asMap(document.value);
  if (root === undefined) return err([{ code: 'FIELD_TYPE', field: '', expected: 'a map' }]);
  const faults: ClientYamlFault[] = [];
  const auth = isAbsent(root['authconfig']) ? {} : asMap(root['authconfig']);
  if (auth === undefined) faults.push({ code: 'FIELD_TYPE', field: 'authconfig', expected: 'a map' });
  const file = reader(root, '', faults);
  const login = reader(auth ?? {}, 'authconfig.', faults);
  const token = login.text('token');
  const value: ClientYaml = {
    version: file.text('version'),
    ssl: file.flag('ssl'),
    paths: {
      caCertificate: file.text('cacertpath'),
      key: file.text('keypath'),
      certificate: file.text('certpath'),
      databaseCertificate: file.text('dbcertpath'),
    },
    timeout: file.text('timeout'),
    authentication: {
      enabled: login.flag('enabled'),
      token: token === undefined ? undefined : new SecretText(token),
    },
  };
  if (faults.length > 0) return err(faults);
  const needsToken = value.authentication.enabled !== false && token === undefined;
  return needsToken ? err([{ code: 'TOKEN_MISSING' }]) : ok(value);
}

interface FieldReader {
  text(name: string): string | undefined;
  flag(name: string): boolean | undefined;
}

function reader(
  map: Readonly<Record<string, unknown>>,
  prefix: string,
  faults: ClientYamlFault[],
): FieldReader {
  const scalar = (name: string, expected: string, pattern: RegExp): string | undefined => {
    const value = map[name];
    if (isAbsent(value)) return undefined;
    if (typeof value === 'string' && pattern.test(value)) return value;
    faults.push({ code: 'FIELD_TYPE', field: `${prefix}${name}`, expected });
    return undefined;
  };
  return {
    text: (name) => scalar(name, 'a text', /^/),
    flag: (name) => {
      const value = scalar(name, 'true or false', /^(?:true|yes|on|false|no|off)$/i);
      return value === undefined ? undefined : /^(?:true|yes|on)$/i.test(value);
    },
  };
}
