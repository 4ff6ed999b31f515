import { quotaErrorCodes, unitsOf } from '@bwki/quota-calc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPod, gpuPod, options, parse, podAsking } from '../test/pods.ts';
import { specErrorCodes, specWarningCodes } from './findings/codes.ts';
import { formatFieldError } from './findings/field-error.ts';
import { formatWarning } from './findings/warning.ts';

/** Any JSON at all, and often what a pod has at this place. */
function or<T>(expected: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: expected }, { weight: 1, arbitrary: fc.jsonValue() });
}

function someOf(values: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  return or(fc.record(values, { requiredKeys: [] }));
}

const quantity = or(
  fc.constantFrom('0', '1', 2, '50', '150', '1500m', '8000M', '1e30', '-1', '', 'x', '1Ki'),
);

const resourceList = someOf({
  'bitfusion.io/gpu-amount': quantity,
  'bitfusion.io/gpu-num': quantity,
  'bitfusion.io/gpu-percent': quantity,
  'bitfusion.io/gpu-memory': quantity,
  'bitfusion.io/gpu': quantity,
  'bitfusion.io/gpu-mem': quantity,
  cpu: quantity,
});

const securityContext = someOf({ runAsUser: or(fc.constantFrom(0, 1000)), runAsNonRoot: or(fc.boolean()) });

const container = someOf({
  name: or(fc.constantFrom('main', 'helper', '')),
  resources: someOf({ limits: resourceList, requests: resourceList }),
  securityContext,
});

const pod = someOf({
  metadata: someOf({
    annotations: someOf({
      'auto-management/bitfusion': or(fc.constantFrom('all', 'injection', 'none', 'bogus')),
      'bitfusion-client/os': or(fc.constantFrom('ubuntu18', 'ubuntu22', 'centos7', 'x')),
      'bitfusion-client/version': or(fc.constantFrom('250', '450', 'preinstalled', 'x')),
      'bitfusion-client/filter': or(fc.constantFrom('a=1', 'a', 'a>=1 b')),
      'bitfusion-client/home': or(fc.constantFrom('/home/a', 'x', '/')),
      'bitfusion-client/containers': or(fc.constantFrom('main', 'helper, x', ',')),
    }),
  }),
  spec: someOf({
    initContainers: or(fc.array(container, { maxLength: 2 })),
    containers: or(fc.array(container, { maxLength: 3 })),
    securityContext,
    os: someOf({ name: or(fc.constantFrom('linux', 'windows')) }),
  }),
});

const codes = new Set(
  [specErrorCodes, specWarningCodes, quotaErrorCodes].flatMap((codes) => Object.keys(codes)),
);

describe('parsePod of any JSON', () => {
  it('B14: never throws, changes nothing, and every finding has a known code and can be shown', () => {
    fc.assert(
      fc.property(pod, (value) => {
        const before = JSON.stringify(value);
        const { errors, warnings, request } = parse(anyPod(value));
        expect(JSON.stringify(value)).toBe(before);
        for (const error of errors) {
          expect(codes).toContain(error.code);
          expect(formatFieldError(error)).toContain(error.field.slice(0, 200));
        }
        for (const warning of warnings) {
          expect(codes).toContain(warning.code);
          expect(formatWarning(warning).length).toBeLessThanOrEqual(120);
        }
        for (const { ref, units, gpu } of request?.containers ?? []) {
          expect(ref.name).not.toBe('');
          expect(units > 0n).toBe(gpu !== undefined);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('B1: leaves alone what neither annotates nor asks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (metadata, spec) => {
        expect(parse(anyPod({ metadata, spec }))).toEqual({ request: undefined, errors: [], warnings: [] });
      }),
    );
  });

  it('B16: in mode none there are no errors and no request, whatever the pod holds', () => {
    fc.assert(
      fc.property(pod, (value) => {
        const spec: unknown =
          typeof value === 'object' && value !== null && 'spec' in value ? value.spec : value;
        expect(parse(anyPod({ spec }))).toMatchObject({ request: undefined, errors: [] });
      }),
    );
  });
});

describe('parsePod of a sound request', () => {
  const share = fc.oneof(
    fc.constant({}),
    fc.integer({ min: 1, max: 100 }).map((percent) => ({ 'bitfusion.io/gpu-percent': percent })),
    fc.integer({ min: 1, max: 16_000 }).map((memory) => ({ 'bitfusion.io/gpu-memory': `${memory}M` })),
  );
  const limits = fc
    .tuple(
      fc.constantFrom('bitfusion.io/gpu-amount', 'bitfusion.io/gpu-num'),
      fc.integer({ min: 1, max: 9999 }),
      share,
    )
    .map(([name, amount, rest]): Record<string, string | number> => ({ [name]: amount, ...rest }));

  it('B6–B9: counts the units that its parts come to', () => {
    fc.assert(
      fc.property(limits, (asked) => {
        const { request, errors } = parse(podAsking(asked));
        expect(errors).toEqual([]);
        const [only] = request?.containers ?? [];
        expect(only?.gpu && unitsOf(only.gpu, options.totalMemory)).toEqual({ ok: true, value: only?.units });
      }),
    );
  });

  it('B12: is the same with its requests written out, as text or as numbers', () => {
    fc.assert(
      fc.property(limits, (asked) => {
        const texts = Object.fromEntries(Object.entries(asked).map(([name, value]) => [name, String(value)]));
        expect(parse(podAsking(asked, texts)).request).toEqual(parse(podAsking(asked)).request);
        expect(parse(podAsking(asked, texts)).errors).toEqual([]);
      }),
    );
  });

  it('B14: n faulty containers among sound ones are n errors, and the sound ones are read', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), (areFaulty) => {
        const containers = areFaulty.map((isFaulty, index) => ({
          name: `c${index}`,
          resources: { limits: { 'bitfusion.io/gpu-amount': isFaulty ? '0' : '1' } },
        }));
        const { errors, request } = parse(gpuPod({}, containers));
        const faulty = areFaulty.filter(Boolean).length;
        expect(errors).toHaveLength(faulty);
        expect(request?.containers).toHaveLength(areFaulty.length - faulty);
      }),
    );
  });
});
