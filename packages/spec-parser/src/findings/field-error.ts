import { cutMiddle } from './cut.ts';
import type { FieldPath } from './field-path.ts';
import { quote } from './quote.ts';

/** The kinds of fault that Kubernetes tells apart; a client library sees them as the `reason` of a status cause. */
export type FieldErrorType =
  'Required' | 'Invalid' | 'NotSupported' | 'Duplicate' | 'Forbidden' | 'TooLong' | 'TypeInvalid';

/** A fault of a field, as Kubernetes' own validation reports it (B14). */
export interface FieldError {
  readonly type: FieldErrorType;
  /** The path of the field: `spec.containers[1].name`. */
  readonly field: string;
  /** What was found there, however long; a quantity as text. Absent for Required, Forbidden and TooLong. */
  readonly value?: unknown;
  /** What is wrong, or what to do; may be empty. */
  readonly detail: string;
  /** Stable and documented; a program decides by it, never by the text. */
  readonly code: string;
}

/** A value longer than this is cut in the middle when it is shown. */
const maxShownValue = 100;

/** Above the longest path that a valid pod can have; only a made-up key makes a longer one. */
const maxShownField = 500;

/** A list of names shows so many, then the number of the rest. */
const maxShownNames = 20;

const typeTexts: Readonly<Record<FieldErrorType, string>> = {
  Required: 'Required value',
  Invalid: 'Invalid value',
  NotSupported: 'Unsupported value',
  Duplicate: 'Duplicate value',
  Forbidden: 'Forbidden',
  TooLong: 'Too long',
  TypeInvalid: 'Invalid value',
};

/** `<field>: Invalid value: "150": must be between 1 and 100`; what is long is cut. */
export function formatFieldError(error: FieldError): string {
  return `${cutMiddle(error.field, maxShownField)}: ${formatFault(error)}`;
}

/** The same without the field, for who shows that apart. */
export function formatFault(error: FieldError): string {
  const value = showsValue(error.type) ? `: ${formatValue(error.value)}` : '';
  const detail = error.detail === '' ? '' : `: ${error.detail}`;
  return `${typeTexts[error.type]}${value}${detail}`;
}

function showsValue(type: FieldErrorType): boolean {
  return type !== 'Required' && type !== 'Forbidden' && type !== 'TooLong';
}

/**
 * A value for a message: texts quoted and cut, numbers and booleans bare. Of an array or an object only the kind is
 * shown, as in the messages on custom resources: it may be huge, and hold what is nobody's business.
 */
function formatValue(value: unknown): string {
  if (typeof value === 'string') return quote(cutMiddle(value, maxShownValue));
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  return quote(value == null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
}

/** `"a", "b"`, each cut when it is long; of a long list the beginning and the number of the rest. */
export function quoteNames(names: readonly string[]): string {
  const shown = names.slice(0, maxShownNames).map((name) => quote(cutMiddle(name, maxShownValue)));
  const rest = names.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** A field must be set. */
export function required(path: FieldPath, code: string, detail: string): FieldError {
  return { type: 'Required', field: path.toString(), detail, code };
}

/** A value of the right kind that breaks a rule. */
export function invalid(path: FieldPath, code: string, value: unknown, detail: string): FieldError {
  return { type: 'Invalid', field: path.toString(), value, detail, code };
}

/** A value that is none of those there are; `supported` is listed, `scope` says what the list is of. */
export function notSupported(
  path: FieldPath,
  code: string,
  value: unknown,
  supported: readonly string[],
  scope = '',
): FieldError {
  const detail =
    supported.length === 0 ? 'there is none' : `supported values${scope}: ${quoteNames(supported)}`;
  return { type: 'NotSupported', field: path.toString(), value, detail, code };
}

/** A field that may not be set here. */
export function forbidden(path: FieldPath, code: string, detail: string): FieldError {
  return { type: 'Forbidden', field: path.toString(), detail, code };
}

/** A text above its limit. */
export function tooLong(path: FieldPath, code: string, maxLength: number): FieldError {
  const detail = `may not be more than ${maxLength} characters`;
  return { type: 'TooLong', field: path.toString(), detail, code };
}

/** A value of the wrong JSON type; `expected` reads `an array`. */
export function typeInvalid(path: FieldPath, code: string, value: unknown, expected: string): FieldError {
  return { type: 'TypeInvalid', field: path.toString(), value, detail: `must be ${expected}`, code };
}
