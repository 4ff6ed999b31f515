import { InvalidArgumentError } from 'commander';

/** A time in seconds, above 0. */
export function seconds(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Must be a number of seconds above 0.');
}

/** A whole number from 1, as text: the client reads it. */
export function wholeNumber(text: string): string {
  if (/^[1-9]\d{0,8}$/.test(text)) return text;
  throw new InvalidArgumentError('Must be a whole number from 1.');
}

/** A decimal above 0 and at most 1, as text: the client reads it. */
export function partOfOne(text: string): string {
  if (/^(?:0?\.\d{1,9}|1(?:\.0{1,9})?)$/.test(text) && Number(text) > 0) return text;
  throw new InvalidArgumentError('Must be above 0 and at most 1, such as 0.5.');
}
