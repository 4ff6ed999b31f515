import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { logLevels } from '@bwki/daemon';
import { isJsonObject } from '@bwki/plain-data';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { chartDirectory } from '../src/paths.ts';
import { fromApp } from './apps.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

const read = (name: string): string => readFileSync(join(chartDirectory, name), 'utf8');
const values = parse(read('values.yaml')) as Record<string, unknown>;
const schema = JSON.parse(read('values.schema.json')) as Schema;
const validate = new Ajv({ allErrors: true, strictTypes: false, strictRequired: false }).compile(schema);

/** The faults of the defaults with some values changed, as `/webhook/timeoutSeconds must be <= 30`. */
function faultsOf(changes: Readonly<Record<string, unknown>>): readonly string[] {
  validate(merged(values, changes));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

/** As Helm does it: maps are merged, all else is replaced. */
function merged(value: unknown, change: unknown): unknown {
  if (!isJsonObject(value) || !isJsonObject(change)) return change;
  const result: Record<string, unknown> = { ...value };
  for (const [key, part] of Object.entries(change)) result[key] = merged(value[key], part);
  return result;
}

/** `webhook.image.name`: each value that has no parts by the schema. */
function leavesOf({ properties, additionalProperties }: Schema, path = ''): readonly string[] {
  if (properties === undefined || additionalProperties !== false) return [path];
  return Object.entries(properties).flatMap(([key, part]) =>
    leavesOf(part, path === '' ? key : `${path}.${key}`),
  );
}

function at(path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (isJsonObject(part) ? part[key] : undefined), values);
}

describe('values of the chart', () => {
  it('are what the schema allows', () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf(parse(read('values-tkgi.yaml')) as Record<string, unknown>)).toEqual([]);
  });

  it('B67: allow as many units as a device plugin can list, and not one more', async () => {
    const { mostUnits } = await fromApp<{ readonly mostUnits: () => number }>(
      'device-plugin/src/capacity/list-limit.ts',
    );
    const faults = (resourceNums: number): readonly string[] =>
      faultsOf({ devicePlugin: { capacity: { resourceNums } } });
    expect(faults(mostUnits())).toEqual([]);
    expect(faults(mostUnits() + 1)).toEqual(['/devicePlugin/capacity/resourceNums must be <= 165592']);
  });

  it('have a default for whatever the schema knows', () => {
    const leaves = leavesOf(schema).filter((path) => path !== 'global');
    expect(leaves.length).toBeGreaterThan(50);
    expect(leaves.filter((path) => at(path) === undefined)).toEqual([]);
  });

  it.each(['webhook', 'devicePlugin'])('take the log levels that the program of %s takes', (program) => {
    const allowed = [...logLevels, 'trace', 'fatal'].filter(
      (logLevel) => faultsOf({ [program]: { logLevel } }).length === 0,
    );
    expect(allowed).toEqual(logLevels);
  });

  it('B54: take the lives of certificates that the webhook takes', async () => {
    const { leastLifeMs, greatestLifeMs } = await fromApp<Readonly<Record<string, number>>>(
      'webhook/src/certificates/rotation-schedule.ts',
    );
    const [least = 0, greatest = 0] = [leastLifeMs, greatestLifeMs].map((life = 0) => life / 1000);
    const faults = (certificateLifeSeconds: number) => faultsOf({ webhook: { certificateLifeSeconds } });
    expect([least, greatest].flatMap(faults)).toEqual([]);
    expect([least - 1, greatest + 1].flatMap(faults)).toEqual([
      `/webhook/certificateLifeSeconds must be >= ${least}`,
      `/webhook/certificateLifeSeconds must be <= ${greatest}`,
    ]);
  });

  it('are said what they are for, each part of them', () => {
    const lines = read('values.yaml').split('\n');
    const described = lines.filter((line, index) => {
      const [, key] = /^([a-zA-Z]+):/.exec(line) ?? [];
      const isTold = /^\s*#/.test(lines[index - 1] ?? '') || /^\s+#/.test(lines[index + 1] ?? '');
      return key !== undefined && !isTold && !['webhook', 'devicePlugin'].includes(key);
    });
    expect(described).toEqual([]);
  });

  it.each([
    ['a misspelt name', { webhook: { replica: 3 } }, '/webhook must NOT have additional properties'],
    ['a misspelt part', { webhok: {} }, ' must NOT have additional properties'],
    ['no replicas', { webhook: { replicas: 0 } }, '/webhook/replicas must be >= 1'],
    [
      'more time than Kubernetes gives',
      { webhook: { timeoutSeconds: 31 } },
      '/webhook/timeoutSeconds must be <= 30',
    ],
    [
      'another failure policy',
      { webhook: { failurePolicy: 'fail' } },
      '/webhook/failurePolicy must be equal to one of the allowed values',
    ],
    [
      'memory that is none',
      { totalGpuMemory: 'much' },
      '/totalGpuMemory must match exactly one schema in oneOf',
    ],
    [
      'a secret without its keys',
      { token: { secrets: { 'ca.crt': 'a' } } },
      "/token/secrets must have required property 'client.yaml'",
    ],
    [
      'a share of a fixed number',
      { devicePlugin: { capacity: { perNode: 'share', nodes: 3 } } },
      '/devicePlugin/capacity/source must be equal to constant',
    ],
    [
      'a share among nobody knows how many',
      { devicePlugin: { capacity: { source: 'bitfusion', perNode: 'share' } } },
      '/devicePlugin/capacity/nodes must be integer',
    ],
  ])('are refused with their place: %s', (_, changes, fault) => {
    expect(faultsOf(changes)).toContain(fault);
  });

  it.each([
    ['a number of MB', { totalGpuMemory: 16000 }],
    ['a quantity', { totalGpuMemory: '16Gi' }],
    ['three secrets', { token: { secrets: { 'ca.crt': 'a', 'client.yaml': 'b', 'servers.conf': 'c' } } }],
    ['a share', { devicePlugin: { capacity: { source: 'bitfusion', perNode: 'share', nodes: 3 } } }],
    ['what a parent chart says to all', { global: { imageRegistry: 'x' } }],
  ])('may be %s', (_, changes) => {
    expect(faultsOf(changes)).toEqual([]);
  });
});
