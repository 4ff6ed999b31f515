export interface Stored {
  /** `metadata.resourceVersion` */
  readonly version: bigint;
}

interface Entry<T> {
  readonly record: T;
  /** From an answer to a call of our own that the watch has yet to reach. */
  readonly isAhead: boolean;
}

/** Called for each key whose record has another version than before. */
export type StoreListener<T> = (key: string, record: T | undefined, before: T | undefined) => void;

/**
 * The last known state of the objects of a list and watch, and ahead of the watch what our own calls were answered.
 * Resource versions of one kind of object are ordered, so neither way brings back an older state.
 */
export class ObjectStore<T extends Stored> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #keyOf: (record: T) => string;
  readonly #onChange: StoreListener<T>;
  /** The watch has sent all up to this resource version. */
  #watched = 0n;

  constructor(keyOf: (record: T) => string, onChange: StoreListener<T>) {
    this.#keyOf = keyOf;
    this.#onChange = onChange;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.record;
  }

  keys(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** A list of all there are, as of a resource version. */
  replace(records: readonly T[], version: bigint): void {
    this.#watched = version;
    const listed = new Map(records.map((record) => [this.#keyOf(record), record]));
    for (const [key, { record, isAhead }] of this.#entries) {
      if (!listed.has(key) && !(isAhead && record.version > version)) this.#set(key, undefined);
    }
    for (const [key, record] of listed) this.#setNewer(key, record);
  }

  /** An event of the watch; `undefined` for an object that was deleted. */
  apply(key: string, record: T | undefined, version: bigint): void {
    this.#watched = version;
    if (record !== undefined) this.#setNewer(key, record);
    else if ((this.get(key)?.version ?? 0n) <= version) this.#set(key, undefined);
  }

  bookmark(version: bigint): void {
    this.#watched = version;
  }

  /** The answer of a call of our own. Ignored where the watch is past it: it has sent what came after. */
  upsert(record: T): void {
    const key = this.#keyOf(record);
    const known = this.get(key)?.version ?? 0n;
    if (this.isAhead(record.version) && record.version > known) this.#set(key, record, true);
  }

  /** Whether the watch has yet to reach that resource version. */
  isAhead(version: bigint): boolean {
    return version > this.#watched;
  }

  #setNewer(key: string, record: T): void {
    const known = this.#entries.get(key);
    // A list that is older than what the watch has sent means that the API server's data were restored from a backup.
    if (known?.isAhead === true && known.record.version > record.version) return;
    this.#set(key, record);
  }

  #set(key: string, record: T | undefined, isAhead = false): void {
    const before = this.get(key);
    if (record === undefined) this.#entries.delete(key);
    else this.#entries.set(key, { record, isAhead });
    if (before?.version !== record?.version) this.#onChange(key, record, before);
  }
}
