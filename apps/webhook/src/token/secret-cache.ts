import type { SecretRecord } from './secret-record.ts';

interface Entry {
  readonly record: SecretRecord;
  /** Written by us, and not yet seen in the watch. */
  readonly isAhead: boolean;
}

/** Told for each namespace whose secret is another one than before. */
export type CacheListener = (
  namespace: string,
  record: SecretRecord | undefined,
  before: SecretRecord | undefined,
) => void;

/**
 * The secrets of one name by namespace, as the watch has told of them and ahead of it by what we wrote ourselves.
 * Resource versions of one kind of object are ordered: neither way brings back an older state.
 */
export class SecretCache {
  readonly #entries = new Map<string, Entry>();
  readonly #onChange: CacheListener;
  /** All up to this resource version has been told by the watch. */
  #told = 0n;

  constructor(onChange: CacheListener) {
    this.#onChange = onChange;
  }

  get(namespace: string): SecretRecord | undefined {
    return this.#entries.get(namespace)?.record;
  }

  namespaces(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** A list of all there are, as of a resource version. */
  replace(records: readonly SecretRecord[], version: bigint): void {
    this.#told = version;
    const listed = new Map(records.map((record) => [record.metadata.namespace, record]));
    for (const [namespace, { record, isAhead }] of this.#entries) {
      if (!listed.has(namespace) && !(isAhead && record.version > version)) this.#set(namespace, undefined);
    }
    for (const [namespace, record] of listed) this.#setNewer(namespace, record);
  }

  /** An event of the watch. */
  tell(namespace: string, record: SecretRecord | undefined, version: bigint): void {
    this.#told = version;
    if (record !== undefined) this.#setNewer(namespace, record);
    else if ((this.get(namespace)?.version ?? 0n) <= version) this.#set(namespace, undefined);
  }

  bookmark(version: bigint): void {
    this.#told = version;
  }

  /** The answer of a read or a write of our own; what the watch is past by already, it has told with what came after. */
  answered(record: SecretRecord): void {
    const { namespace } = record.metadata;
    const known = this.get(namespace)?.version ?? 0n;
    if (this.isAhead(record.version) && record.version > known) this.#set(namespace, record, true);
  }

  /** Whether the watch has yet to tell of that resource version. */
  isAhead(version: bigint): boolean {
    return version > this.#told;
  }

  #setNewer(namespace: string, record: SecretRecord): void {
    const known = this.#entries.get(namespace);
    // What the watch has told is overwritten by a list that is older: the API server's data were set back.
    if (known?.isAhead === true && known.record.version > record.version) return;
    this.#set(namespace, record);
  }

  #set(namespace: string, record: SecretRecord | undefined, isAhead = false): void {
    const before = this.get(namespace);
    if (record === undefined) this.#entries.delete(namespace);
    else this.#entries.set(namespace, { record, isAhead });
    if (before?.version !== record?.version) this.#onChange(namespace, record, before);
  }
}
