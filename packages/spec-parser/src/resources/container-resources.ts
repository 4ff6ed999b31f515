import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import { describeQuotaError, Quantity } from '@bwki/quota-calc';
import { invalid, required, typeInvalid, type FieldError } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import { meantQuantity, notRendered } from '../findings/value-hints.ts';
import { asksForGpu } from './resources.ts';

const empty: JsonObject = Object.freeze({});
const noErrors: readonly FieldError[] = Object.freeze([]);

/**
 * The limits and requests of one container, or of a whole pod. Kubernetes does not overcommit extended resources: a
 * limit is needed, and a request, if there is one, equals it.
 */
export class ContainerResources {
  /** Whether a name in them asks for GPUs, rightly or not. */
  readonly asksForGpu: boolean;
  /** Where something other than an object stands. */
  readonly structureErrors: readonly FieldError[];
  readonly #limits: JsonObject;
  readonly #requests: JsonObject;
  readonly #path: FieldPath;

  /**
   * @param resources any JSON value
   * @param path of `resources`
   */
  constructor(resources: unknown, path: FieldPath) {
    this.#path = path;
    let errors: FieldError[] | undefined;
    const objectAt = (value: unknown, at: FieldPath): JsonObject => {
      if (isJsonObject(value)) return value;
      if (value !== undefined && value !== null) {
        (errors ??= []).push(typeInvalid(at, 'SPEC_TYPE_INVALID', value, 'an object'));
      }
      return empty;
    };
    const { limits, requests } = objectAt(resources, path);
    this.#limits = limits === undefined ? empty : objectAt(limits, path.child('limits'));
    this.#requests = requests === undefined ? empty : objectAt(requests, path.child('requests'));
    this.structureErrors = errors ?? noErrors;
    this.asksForGpu =
      Object.keys(this.#limits).some(asksForGpu) || Object.keys(this.#requests).some(asksForGpu);
  }

  /** The path of these resources. */
  get path(): FieldPath {
    return this.#path;
  }

  /** The value of one name in one of the lists, whatever it is. */
  valueIn(list: 'limits' | 'requests', name: string): unknown {
    const values = list === 'limits' ? this.#limits : this.#requests;
    return Object.hasOwn(values, name) ? values[name] : undefined;
  }

  has(name: string): boolean {
    return this.#limits[name] !== undefined || this.#requests[name] !== undefined;
  }

  /** Every name, one of both lists only once. */
  names(): readonly string[] {
    const names = Object.keys(this.#limits);
    for (const name of Object.keys(this.#requests)) {
      if (!Object.hasOwn(this.#limits, name)) names.push(name);
    }
    return names;
  }

  /** Where the value stands that counts: in `limits`, or in `requests` where the limit is missing. */
  pathOf(name: string): FieldPath {
    return this.#path.child(this.#limits[name] === undefined ? 'requests' : 'limits').key(name);
  }

  limitPath(name: string): FieldPath {
    return this.#path.child('limits').key(name);
  }

  /** The value that counts as it was written; only of a resource that could be read. */
  text(name: string): string {
    return String(this.#limits[name] ?? this.#requests[name]);
  }

  /** Reads one resource; undefined where it is absent or, with an error, no quantity. */
  read(name: string, findings: Findings): Quantity | undefined {
    const limit = this.#limits[name];
    const request = this.#requests[name];
    if (limit === undefined) {
      if (request === undefined) return undefined;
      const detail = `must be set too, equal to the request: GPUs are not overcommitted`;
      findings.errors.push(required(this.limitPath(name), 'SPEC_LIMIT_REQUIRED', detail));
      return quantityAt(this.#path, 'requests', name, request, findings);
    }
    const quantity = quantityAt(this.#path, 'limits', name, limit, findings);
    if (request !== undefined && request !== limit) {
      const requested = quantityAt(this.#path, 'requests', name, request, findings);
      if (quantity !== undefined && requested?.equals(quantity) === false) {
        const detail = `must be equal to ${name} limit of ${quantity.toString()}`;
        const path = this.#path.child('requests').key(name);
        findings.errors.push(invalid(path, 'SPEC_REQUEST_DIFFERS', shown(request), detail));
      }
    }
    return quantity;
  }
}

function quantityAt(
  resources: FieldPath,
  list: 'limits' | 'requests',
  name: string,
  value: unknown,
  findings: Findings,
): Quantity | undefined {
  const read = Quantity.fromJson(value);
  if (read.ok) return read.value;
  const path = resources.child(list).key(name);
  const template = notRendered(value);
  if (template !== undefined) {
    findings.errors.push(invalid(path, 'SPEC_NOT_RENDERED', value, template));
    return undefined;
  }
  const { code } = read.error;
  const meant = meantQuantity(value);
  const edit = meant === undefined ? '' : `; write ${meant}`;
  const detail = describeQuotaError(read.error) + edit;
  const type = code === 'QUANTITY_TYPE' ? 'TypeInvalid' : 'Invalid';
  findings.errors.push({ type, field: path.toString(), value: shown(value), detail, code });
  return undefined;
}

/** The API server hands a quantity on as text, so a number of a manifest is shown as text too. */
function shown(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
