import { parseAllDocuments } from 'yaml';

/** As Kubernetes' own tools read and write it: `0440` is octal, `on` has to be quoted to be text. */
export const yaml = { version: '1.1' } as const;

/** An object of Kubernetes as it stands in a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/**
 * The objects of a file with any number of documents; empty ones are left out.
 *
 * @throws Error for text that is no YAML, a repeated key included
 */
export function readManifests(text: string): readonly Manifest[] {
  const documents = parseAllDocuments(text, yaml);
  if ('empty' in documents) return [];
  return documents.flatMap((document): readonly Manifest[] => {
    const [fault] = document.errors;
    if (fault !== undefined) throw fault;
    const value = document.toJS() as Manifest | null;
    return value === null ? [] : [value];
  });
}

/** `Deployment bwki/bitfusion-webhook-deployment`; objects of no namespace have none in it. */
export function nameOf({ kind, metadata: { name, namespace } }: Manifest): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
