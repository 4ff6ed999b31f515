import type { HeaderField } from './header-field.ts';

/** What an entry counts beside its bytes (RFC 7541, section 4.1); header lists are measured in the same way. */
const entryOverhead = 32;

export function fieldSize({ name, value }: Pick<HeaderField, 'name' | 'value'>): number {
  return name.length + value.length + entryOverhead;
}

type Entry = Pick<HeaderField, 'name' | 'value'>;

/** RFC 7541, sections 2.3.2 and 4: the entries that a client has added, the oldest of which make room for new ones. */
export class DynamicTable {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  #size = 0;
  #capacity: number;

  /** @param capacity in bytes, as `fieldSize` counts */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** @param age 0 is the newest */
  entry(age: number): Entry | undefined {
    return this.#entries[this.#entries.length - 1 - age];
  }

  /** An entry that is larger than the whole table empties it, and is no fault. */
  add(entry: Entry): void {
    this.#entries.push(entry);
    this.#size += fieldSize(entry);
    this.#evict();
  }

  resize(capacity: number): void {
    this.#capacity = capacity;
    this.#evict();
  }

  #evict(): void {
    while (this.#size > this.#capacity) {
      const oldest = this.#entries.shift();
      if (oldest === undefined) return;
      this.#size -= fieldSize(oldest);
    }
  }
}
