import { describe, expect, it } from 'vitest';
import { quantity } from '../test/quantity-text.ts';
import { describeQuotaError } from './describe-quota-error.ts';
import { quotaErrorCodes, type QuotaError } from './quota-error.ts';

const every: readonly QuotaError[] = [
  { code: 'QUANTITY_SYNTAX', text: '16 GB' },
  { code: 'QUANTITY_TOO_LARGE', text: '1e999' },
  { code: 'QUANTITY_NUMBER_INEXACT', value: 2 ** 60 },
  { code: 'QUANTITY_TYPE', type: 'object' },
  { code: 'QUOTA_TOTAL_MEMORY_UNSET' },
  { code: 'QUOTA_TOTAL_MEMORY_INVALID', text: 'lots' },
  { code: 'QUOTA_MEMORY_NOT_POSITIVE', memory: quantity('-1') },
  { code: 'QUOTA_MEMORY_ABOVE_TOTAL', memory: quantity('17G'), total: quantity('16G') },
  { code: 'QUOTA_PERCENT_RANGE', percent: 150n },
  { code: 'QUOTA_AMOUNT_RANGE', amount: 0n },
  { code: 'QUOTA_UNITS_OVERFLOW', amount: 2n ** 63n },
];

describe('B24: describeQuotaError', () => {
  it('B24: words every code that is registered', () => {
    expect(every.map(({ code }) => code).sort()).toEqual(Object.keys(quotaErrorCodes).sort());
  });

  it.each(every)('B24: $code in one line that can follow a field', (error) => {
    expect(describeQuotaError(error)).toMatch(/^(must|cannot|comes|TOTAL_GPU_MEMORY)\b[^\n]+[^.\n]$/);
  });

  it.each(Object.entries(quotaErrorCodes))('B24: %s has a meaning of one sentence', (code, meaning) => {
    expect(code).toMatch(/^(QUANTITY|QUOTA)(_[A-Z]+)+$/);
    expect(meaning).toMatch(/^[A-Z].{10,100}\.$/);
  });

  it('B21: names the setting TOTAL_GPU_MEMORY where it is what is missing or wrong', () => {
    expect(describeQuotaError({ code: 'QUOTA_TOTAL_MEMORY_UNSET' })).toContain('TOTAL_GPU_MEMORY');
    expect(describeQuotaError({ code: 'QUOTA_TOTAL_MEMORY_INVALID', text: 'lots' })).toContain(
      'TOTAL_GPU_MEMORY is "lots"',
    );
  });

  it('B24: says how much there is', () => {
    expect(
      describeQuotaError({
        code: 'QUOTA_MEMORY_ABOVE_TOTAL',
        memory: quantity('17G'),
        total: quantity('16G'),
      }),
    ).toBe(
      'must be at most 16000M, the memory of one GPU (TOTAL_GPU_MEMORY): ask for less of each GPU, or for more GPUs',
    );
  });

  it('B24: cuts a long setting and shows no control characters', () => {
    const text = `\u001b[31m${'9'.repeat(10_000)}`;
    const words = describeQuotaError({ code: 'QUOTA_TOTAL_MEMORY_INVALID', text });
    expect(words.length).toBeLessThan(250);
    expect(words).toContain('\\u001b[31m999');
  });
});
