import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import type { FieldError } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';

/**
 * What a field has to look like to be read. The API server keeps the types of a pod; a file need not. A field that YAML
 * leaves empty is null, which Kubernetes takes for absent.
 */
export interface Shape {
  /** What stands for an array's element that cannot be read, so that the others keep their index. */
  readonly nothing: unknown;
  /** Whether a value is right all through and holds no null: it is then read as it is, without a copy. */
  accepts(value: unknown): boolean;
  /** The readable part of a value that is not accepted, undefined where there is none; each fault is reported. */
  read(value: unknown, path: FieldPath, errors: FieldError[]): unknown;
}

/** A field of an object. */
export interface FieldShape {
  readonly shape: Shape;
  /** Set where Kubernetes demands the field. */
  readonly required?: true;
  /** Set where an earlier stage reports the faults of the field. */
  readonly reported?: true;
}

export const text: Shape = scalar('a string', '', (value) => typeof value === 'string');
export const integer: Shape = scalar('an integer', 0, (value) => Number.isSafeInteger(value));
export const flag: Shape = scalar('true or false', false, (value) => typeof value === 'boolean');
/** An object whose content is looked at elsewhere, or not at all. */
export const anyObject: Shape = scalar('an object', {}, isJsonObject);

function scalar(noun: string, nothing: unknown, accepts: (value: unknown) => boolean): Shape {
  return {
    nothing,
    accepts,
    read: (value, path, errors) => {
      errors.push(wrongType(path, value, noun));
      return undefined;
    },
  };
}

export function listOf(element: Shape): Shape {
  return {
    nothing: [],
    accepts: (value) => Array.isArray(value) && value.every((item) => element.accepts(item)),
    read: (value, path, errors) => {
      if (Array.isArray(value)) {
        return value.map((item: unknown, index) => readElement(element, item, path.index(index), errors));
      }
      errors.push(wrongType(path, value, 'an array'));
      return undefined;
    },
  };
}

/** Null is no element either: Kubernetes would make an empty one of it. */
function readElement(element: Shape, item: unknown, path: FieldPath, errors: FieldError[]): unknown {
  return element.accepts(item) ? item : (element.read(item, path, errors) ?? element.nothing);
}

/** An object of which some fields are read; the others are whatever they are. */
export function objectOf(fields: Readonly<Record<string, FieldShape>>): Shape {
  const entries = Object.entries(fields);
  return {
    nothing: {},
    accepts: (value) =>
      isJsonObject(value) && entries.every(([name, field]) => acceptsField(field, value[name])),
    read: (value, path, errors) => {
      if (isJsonObject(value)) return readObject(value, entries, path, errors);
      errors.push(wrongType(path, value, 'an object'));
      return undefined;
    },
  };
}

function acceptsField({ shape, required }: FieldShape, value: unknown): boolean {
  return value === undefined ? required !== true : shape.accepts(value);
}

function readObject(
  value: JsonObject,
  entries: readonly (readonly [string, FieldShape])[],
  path: FieldPath,
  errors: FieldError[],
): Record<string, unknown> {
  const result: Record<string, unknown> = { ...value };
  for (const [name, field] of entries) {
    if (acceptsField(field, value[name])) continue;
    result[name] = readField(field, value[name], path.child(name), errors);
  }
  return result;
}

function readField(
  { shape, required, reported }: FieldShape,
  value: unknown,
  path: FieldPath,
  errors: FieldError[],
): unknown {
  if (value !== null && value !== undefined) {
    return shape.read(value, path, reported === true ? [] : errors);
  }
  if (required === true) {
    errors.push({ type: 'Required', code: 'MUTATION_SHAPE', field: path.toString(), detail: '' });
  }
  return undefined;
}

function wrongType(path: FieldPath, value: unknown, noun: string): FieldError {
  return {
    type: 'TypeInvalid',
    code: 'MUTATION_SHAPE',
    field: path.toString(),
    value,
    detail: `must be ${noun}`,
  };
}
