import type { JsonObject } from '@bwki/plain-data';
import { describeQuotaError, Quantity } from '@bwki/quota-calc';
import { invalid, required } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';

/**
 * The limits and requests of one container. Kubernetes does not overcommit extended resources: a limit is needed,
 * and a request, if there is one, equals it (B12).
 */
export class ResourceFields {
  readonly #limits: JsonObject;
  readonly #requests: JsonObject;
  readonly #path: FieldPath;
  readonly #findings: Findings;

  /** @param path of the container's `resources` */
  constructor(limits: JsonObject, requests: JsonObject, path: FieldPath, findings: Findings) {
    this.#limits = limits;
    this.#requests = requests;
    this.#path = path;
    this.#findings = findings;
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
  path(name: string): FieldPath {
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
  read(name: string): Quantity | undefined {
    const limit = this.#limits[name];
    const request = this.#requests[name];
    if (limit === undefined) {
      if (request === undefined) return undefined;
      const detail = `must be set too, equal to the request: GPUs are not overcommitted`;
      this.#findings.errors.push(required(this.limitPath(name), 'SPEC_LIMIT_REQUIRED', detail));
      return this.#quantity('requests', name, request);
    }
    const quantity = this.#quantity('limits', name, limit);
    if (request !== undefined && request !== limit) {
      const requested = this.#quantity('requests', name, request);
      if (quantity !== undefined && requested?.equals(quantity) === false) {
        const detail = `must be equal to ${name} limit of ${quantity.toString()}`;
        const path = this.#path.child('requests').key(name);
        this.#findings.errors.push(invalid(path, 'SPEC_REQUEST_DIFFERS', shown(request), detail));
      }
    }
    return quantity;
  }

  #quantity(list: 'limits' | 'requests', name: string, value: unknown): Quantity | undefined {
    const read = Quantity.fromJson(value);
    if (read.ok) return read.value;
    const path = this.#path.child(list).key(name);
    const { code } = read.error;
    const detail = describeQuotaError(read.error);
    const type = code === 'QUANTITY_TYPE' ? 'TypeInvalid' : 'Invalid';
    this.#findings.errors.push({ type, field: path.toString(), value: shown(value), detail, code });
    return undefined;
  }
}

/** The API server hands a quantity on as text, so a number of a manifest is shown as text too. */
function shown(value: unknown): unknown {
  return typeof value === 'number' ? String(value) : value;
}
