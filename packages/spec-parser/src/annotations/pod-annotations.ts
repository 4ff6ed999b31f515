import { type JsonObject } from '@bwki/plain-data';
import { invalid, tooLong, typeInvalid } from '../findings/field-error.ts';
import { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import { notRendered } from '../findings/value-hints.ts';
import { objectAt } from '../pod/json.ts';

/** The kubelet sets it on the mirror of a static pod, which nothing can change. */
const mirrorAnnotation = 'kubernetes.io/config.mirror';

/**
 * Room for the names of 500 containers. Longer values are not read, so that what a pod costs is bounded: Kubernetes
 * limits annotations only after the webhooks.
 */
const maxLength = 32_768;

const empty: JsonObject = Object.freeze({});

const defaultMetadataPath = FieldPath.root('metadata');

/** A pod's annotations, and where they are. */
export class PodAnnotations {
  /** Whatever stands in them; empty where there are none. */
  readonly values: JsonObject;
  readonly metadataPath: FieldPath;
  readonly #findings: Findings;

  private constructor(values: JsonObject, metadataPath: FieldPath, findings: Findings) {
    this.values = values;
    this.metadataPath = metadataPath;
    this.#findings = findings;
  }

  static of(metadata: unknown, metadataPath: FieldPath | undefined, findings: Findings): PodAnnotations {
    const path = metadataPath ?? defaultMetadataPath;
    const values = objectAt(metadata, path, findings)?.['annotations'];
    return new PodAnnotations(objectAt(values, path.child('annotations'), findings) ?? empty, path, findings);
  }

  get isMirrorPod(): boolean {
    return this.values[mirrorAnnotation] !== undefined;
  }

  /** The value without blanks around it; undefined where it is absent, empty or, with an error, none of ours. */
  read(name: string): string | undefined {
    const value = this.values[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') {
      const expected = 'a string; put it in quotes';
      this.#findings.errors.push(typeInvalid(this.path(name), 'SPEC_TYPE_INVALID', value, expected));
      return undefined;
    }
    if (value.length > maxLength) {
      this.#findings.errors.push(tooLong(this.path(name), 'SPEC_ANNOTATION_TOO_LONG', maxLength));
      return undefined;
    }
    const template = notRendered(value);
    if (template !== undefined) {
      this.#findings.errors.push(invalid(this.path(name), 'SPEC_NOT_RENDERED', value, template));
      return undefined;
    }
    const text = value.trim();
    return text === '' ? undefined : text;
  }

  path(name: string): FieldPath {
    return this.metadataPath.child('annotations').key(name);
  }
}
