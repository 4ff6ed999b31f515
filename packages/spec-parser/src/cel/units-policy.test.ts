import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unitsExpressions } from './units-expressions.ts';
import { policyKinds, unitsPolicy } from './units-policy.ts';

describe('B95: units in CEL, as text', () => {
  it.each([
    ['no quantity', '8000 M', /^totalGpuMemory: /],
    ['parts of a byte', '1500m', /^totalGpuMemory: 1500m is not a whole number of bytes above 0$/],
  ])('refuses a totalGpuMemory that is %s', (_, totalGpuMemory, message) => {
    expect(() => unitsExpressions({ totalGpuMemory })).toThrow(message);
  });

  it.each([-1n, 2n ** 63n])('refuses a maxUnits of %s', (maxUnits) => {
    expect(() => unitsPolicy({ name: 'cap', kind: policyKinds.Pod, maxUnits })).toThrow(/^maxUnits: /);
  });

  it('asks for no memory where the memory of a GPU is not known', () => {
    const { isCountable, units } = unitsExpressions();
    expect(isCountable).toContain('!("bitfusion.io/gpu-memory" in c.resources.limits)');
    expect(units).not.toContain('gpu-memory');
  });

  it('selects fields that are no identifiers by index', () => {
    const { units } = unitsExpressions({ podSpec: ['spec', 'a-b', 'in'] });
    expect(units).toContain('has(object.spec["a-b"]["in"].containers)');
  });

  it('is written as the README shows it', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const policy = unitsPolicy({
      name: 'one-gpu',
      kind: policyKinds.Job,
      totalGpuMemory: 16000,
      maxUnits: 100n,
    });
    expect(readme).toContain(
      "unitsPolicy({ name: 'one-gpu', kind: policyKinds.Job, totalGpuMemory: 16000, maxUnits: 100n })",
    );
    expect(policy).toMatchObject({
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'one-gpu' },
      spec: { matchConstraints: { resourceRules: [{ apiGroups: ['batch'], resources: ['jobs'] }] } },
    });
  });
});
