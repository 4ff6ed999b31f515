import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { devicePluginErrorCodes } from '@bwki/kubelet-dp';
import { mutationErrorCodes, mutationWarningCodes } from '@bwki/pod-mutator';
import { quotaErrorCodes } from '@bwki/quota-calc';
import { specErrorCodes, specWarningCodes } from '@bwki/spec-parser';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { findingsOf, type Json } from './error-example.ts';

const root = join(import.meta.dirname, '../..');
type Registry = Readonly<Record<string, string>>;
/** By their paths: an app is no package to depend on, and its files of codes need none. */
async function fromApp<T>(file: string): Promise<T> {
  return (await import(join(root, 'apps', file))) as T;
}
const { cliErrorCodes } = await fromApp<{ readonly cliErrorCodes: Registry }>('cli/src/cli-error-codes.ts');
const { webhookErrorCodes } = await fromApp<{ readonly webhookErrorCodes: Registry }>(
  'webhook/src/error-codes.ts',
);
const { tokenErrorCodes } = await fromApp<{ readonly tokenErrorCodes: Registry }>(
  'webhook/src/token/token-error-codes.ts',
);
const tokenFaults = await fromApp<
  Readonly<
    Record<string, (...args: readonly unknown[]) => { readonly code: string; readonly detail: string }>
  >
>('webhook/src/token/token-faults.ts');
const registries = {
  quotaErrorCodes,
  specErrorCodes,
  specWarningCodes,
  mutationErrorCodes,
  mutationWarningCodes,
  cliErrorCodes,
  webhookErrorCodes,
  tokenErrorCodes,
  devicePluginErrorCodes,
};
const text = readFileSync(join(root, 'docs/errors.md'), 'utf8');
/** A code is documented by a heading of its own. */
const documented = Array.from(text.matchAll(/^### `([A-Z0-9_]+)`$/gm), (match) => match[1]);

/** The fenced block under a code's heading: what is tried, and behind `# ` what is said of it. */
interface Example {
  readonly code: string;
  readonly language: string;
  readonly tried: string;
  readonly said: readonly string[];
}

const examples = Array.from(
  text.matchAll(
    /^### `(?<code>\w+)`\n(?:(?!#).*\n)*?```(?<language>\w+)\n(?<tried>(?:(?!#|```).*\n)*)(?<said>(?:# .*\n)+)```$/gm,
  ),
  ({ groups: { code = '', language = '', tried = '', said = '' } = {} }): Example => ({
    code,
    language,
    tried,
    said: said
      .trimEnd()
      .split('\n')
      .map((line) => line.slice('# '.length)),
  }),
);
/** The pod from which the examples differ. */
const [, basePod = ''] = /^```yaml\n(metadata:[^`]*)```$/m.exec(text) ?? [];

describe('B14: docs/errors.md', () => {
  it.each(Object.entries(registries))('has every code of %s', (_, registry) => {
    expect(Object.keys(registry).filter((code) => !documented.includes(code))).toEqual([]);
  });

  it('has no code that no package knows', () => {
    const known = Object.values(registries).flatMap((registry) => Object.keys(registry));
    expect(documented.filter((code) => code !== undefined && !known.includes(code))).toEqual([]);
  });

  it('has each code once', () => {
    expect(documented).toEqual([...new Set(documented)]);
  });

  it('has an example of each code', () => {
    expect(examples.map(({ code }) => code)).toEqual(documented);
  });

  it.each(examples.filter(({ language }) => language === 'yaml'))(
    'says what the libraries say of the example of $code',
    ({ code, tried, said }) => {
      const findings = findingsOf(parse(tried) as Json, parse(basePod) as Json);
      expect(findings).toEqual(said.map((line) => ({ code, text: line })));
    },
  );

  it.each(examples.filter(({ language }) => language === 'sh'))(
    'says what bwki says of the example of $code',
    ({ code, tried, said }) => {
      // The machine's own Node may be too old to run sources.
      const bwki = `bwki() { "${root}/node_modules/.bin/node" -C @bwki/source "${root}/apps/cli/src/main.ts" "$@"; }`;
      const { stderr } = spawnSync('bash', ['--norc', '-c', `${bwki}\n${tried}`], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      expect(stderr.trimEnd().split('\n')).toEqual(said);
      expect(said.filter((line) => !line.endsWith(` (${code})`))).toEqual([]);
    },
  );

  const secret = {
    name: 'bitfusion-secret',
    sourceNamespace: 'kube-system',
    keys: ['ca.crt', 'client.yaml', 'servers.conf'],
  };
  it.each([
    ['sourceMissing', [secret]],
    ['sourceIncomplete', [secret, ['servers.conf']]],
    ['secretForeign', [secret, 'team']],
    ['namespaceGone', ['team']],
    ['copyRefused', [secret, 'team', { status: 422, reason: 'Invalid', causes: [], quota: '' }]],
    ['accessDenied', [secret, { status: 403, reason: 'Forbidden', causes: [], quota: '' }]],
    ['apiUnavailable', [secret, 'team', 'ECONNREFUSED']],
  ])('B52: says what the webhook says of %s', (name, args) => {
    const fault = tokenFaults[name]?.(...args);
    expect(examples.find(({ code }) => code === fault?.code)?.said).toEqual([fault?.detail]);
  });
});
