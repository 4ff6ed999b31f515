import { memoryText } from './memory-text.ts';
import { maxIntegerDigits } from './quantity-parse.ts';
import type { QuotaError } from './quota-error.ts';
import { maxUnits } from './units.ts';

const shownCharacters = 40;

/**
 * A fault in words, without the field, which its caller knows: what is wrong, what is allowed, what to do. One line
 * that begins in lower case, so that it can follow `<field>: Invalid value: …: `; long values are cut.
 */
export function describeQuotaError(error: QuotaError): string {
  switch (error.code) {
    case 'QUANTITY_SYNTAX':
      return `${quoted(error.text)} is not a quantity: write a number with an optional suffix, such as 500m, 8000M, 16Gi or 1e3`;
    case 'QUANTITY_TOO_LARGE':
      return `${quoted(error.text)} is too large: at most ${maxIntegerDigits} digits may stand before the decimal point`;
    case 'QUANTITY_NUMBER_INEXACT':
      return `the number ${error.value} is not exact: write it in quotes, as "8000M" or "9007199254740993"`;
    case 'QUANTITY_TYPE':
      return `must be a string or a number, is ${error.type}: write it as "8000M" or 1`;
    case 'QUOTA_TOTAL_MEMORY_UNSET':
      return 'memory cannot be counted because TOTAL_GPU_MEMORY, the memory of one GPU, is not set: ask for a percentage, or have TOTAL_GPU_MEMORY set to a number of MB (16000) or a quantity (16G)';
    case 'QUOTA_TOTAL_MEMORY_INVALID':
      return `TOTAL_GPU_MEMORY is ${quoted(error.text)}, which is no amount of memory: set it to a number of MB (16000) or a quantity (16G)`;
    case 'QUOTA_MEMORY_NOT_POSITIVE':
      return `is ${error.memory.toString()}, must be more than 0: ask for memory of each GPU, such as 8000M`;
    case 'QUOTA_MEMORY_ABOVE_TOTAL':
      return `is ${memoryText(error.memory)}, more than the ${memoryText(error.total)} of one GPU (TOTAL_GPU_MEMORY): ask for less of each, or for more GPUs`;
    case 'QUOTA_PERCENT_RANGE':
      return 'must be between 1 and 100, a percentage of each GPU';
    case 'QUOTA_AMOUNT_RANGE':
      return 'must be 1 or more GPUs';
    case 'QUOTA_UNITS_OVERFLOW':
      return `comes to more units than can be counted (${maxUnits}): ask for fewer GPUs`;
  }
}

/** JSON quoting keeps control characters out of a log or a terminal. */
function quoted(text: string): string {
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
}
