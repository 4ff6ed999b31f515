import { createHmac, timingSafeEqual } from 'node:crypto';

/** Bytes of a key, as long as the HMAC's hash is. */
export const markKeyBytes = 32;

/** Far more than there are namespaces in a cluster. */
const maxMemo = 20_000;

/** Makes and checks the marks of copies. Its key comes from the API server, and may be another one later. */
export class CopyMarkKey {
  readonly #known = Promise.withResolvers<undefined>();
  readonly #listeners = new Set<() => void>();
  readonly #memo = new Map<string, string>();
  #key: Buffer | undefined;

  /** The key, once there is one. */
  get key(): Buffer | undefined {
    return this.#key;
  }

  /** Resolves once there is a key. */
  get known(): Promise<undefined> {
    return this.#known.promise;
  }

  set(key: Buffer): void {
    if (this.#key?.equals(key) === true) return;
    this.#key = key;
    this.#memo.clear();
    this.#known.resolve(undefined);
    for (const listener of this.#listeners) listener();
  }

  /** Calls a listener with each change of the key. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** The mark of the copy of that name; neither part can contain a `/`. */
  markOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
    if (this.#key === undefined) throw new Error('there is no key yet');
    const copy = `${namespace}/${name}`;
    let mark = this.#memo.get(copy);
    if (mark === undefined) {
      mark = createHmac('sha256', this.#key).update(copy).digest('base64url');
      if (this.#memo.size >= maxMemo) this.#memo.clear();
      this.#memo.set(copy, mark);
    }
    return mark;
  }
}

/** Whether two marks are the same, in a time that does not tell how much of them is. */
export function isSameMark(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
