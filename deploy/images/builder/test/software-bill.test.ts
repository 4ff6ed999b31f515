import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';

import { softwareBill, type Part } from '../src/software-bill.ts';

const subject: Part = { kind: 'application', name: '@bwki/webhook', version: '0.1.0', license: 'Apache-2.0' };
const koa: Part = {
  kind: 'library',
  name: 'koa',
  version: '3.3.0',
  license: 'MIT',
  purl: 'pkg:npm/koa@3.3.0',
};
const node: Part = {
  kind: 'application',
  name: 'node',
  version: '26.10.0',
  cpe: 'cpe:2.3:a:nodejs:node.js:26.10.0:*:*:*:*:*:*:*',
};
const either: Part = { kind: 'library', name: '@a/b', version: '1.0.0', license: '(MIT OR Apache-2.0)' };

describe('the software bill of materials', () => {
  it('is a CycloneDX document by the schema of CycloneDX', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(softwareBill(subject, [koa, node, either]))).toBeNull();
    expect(
      await validator.validate('{"bomFormat": "CycloneDX", "specVersion": "1.6", "parts": []}'),
    ).not.toBeNull();
  });

  it('names each part with its version, licence and what databases know it by', () => {
    const { metadata, components } = JSON.parse(softwareBill(subject, [koa, node, either])) as {
      metadata: unknown;
      components: unknown[];
    };
    expect(metadata).toMatchObject({ component: { group: '@bwki', name: 'webhook', version: '0.1.0' } });
    expect(components).toMatchObject([
      { group: '@a', name: 'b', licenses: [{ expression: '(MIT OR Apache-2.0)' }] },
      { name: 'node', cpe: 'cpe:2.3:a:nodejs:node.js:26.10.0:*:*:*:*:*:*:*' },
      { name: 'koa', version: '3.3.0', purl: 'pkg:npm/koa@3.3.0', licenses: [{ license: { id: 'MIT' } }] },
    ]);
  });

  it('has the same bytes whatever the order of the parts', () => {
    expect(softwareBill(subject, [koa, node])).toBe(softwareBill(subject, [node, koa]));
  });
});
