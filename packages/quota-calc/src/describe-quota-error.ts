import { memoryText } from './memory-text.ts';
import { maxIntegerDigits } from './quantity-parse.ts';
import type { QuotaError } from './quota-error.ts';
import { maxUnits } from './units.ts';

const shownCharacters = 40;

/**
 * A fault in words: what is allowed, and what to do. One line, without the field and its value, so that it can follow
 * `<field>: Invalid value: "<value>": ` as Kubernetes words it, or `--memory 17G: ` on a command line.
 */
export function describeQuotaError(error: QuotaError): string {
  switch (error.code) {
    case 'QUANTITY_SYNTAX':
      return 'must be a quantity: a number and, if any, a suffix right behind it, such as 500m, 8000M, 16Gi or 1e3';
    case 'QUANTITY_TOO_LARGE':
      return `must have at most ${maxIntegerDigits} digits before its decimal point: write a smaller quantity`;
    case 'QUANTITY_NUMBER_INEXACT':
      return 'must be finite and, as a number, at most 9007199254740991: write a larger one in quotes';
    case 'QUANTITY_TYPE':
      return `must be a string or a number, not ${error.type}: write it as "8000M" or 1`;
    case 'QUOTA_TOTAL_MEMORY_UNSET':
      return 'cannot be counted while TOTAL_GPU_MEMORY, the memory of one GPU, is not set: ask for a percentage, or have it set to a number of MB (16000) or a quantity (16G)';
    case 'QUOTA_TOTAL_MEMORY_INVALID':
      return `TOTAL_GPU_MEMORY is ${quoted(error.text)}, which is no amount of memory: set it to a number of MB (16000) or a quantity (16G)`;
    case 'QUOTA_MEMORY_NOT_POSITIVE':
      return 'must be more than 0: ask for memory of each GPU, such as 8000M';
    case 'QUOTA_MEMORY_ABOVE_TOTAL':
      return `must be at most ${memoryText(error.total)}, the memory of one GPU (TOTAL_GPU_MEMORY): ask for less of each GPU, or for more GPUs`;
    case 'QUOTA_PERCENT_RANGE':
      return 'must be between 1 and 100, a percentage of each GPU';
    case 'QUOTA_AMOUNT_RANGE':
      return 'must be 1 or more: ask for at least one GPU, and for a share of it by percentage or memory';
    case 'QUOTA_UNITS_OVERFLOW':
      return `comes to more units than Kubernetes can count (${maxUnits}): ask for fewer GPUs`;
  }
}

/** JSON's quoting keeps control characters out of logs and terminals. */
function quoted(text: string): string {
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
}
