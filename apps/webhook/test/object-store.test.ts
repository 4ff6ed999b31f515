import { describe, expect, it } from 'vitest';

import { ObjectStore } from '../src/cluster/object-store.ts';
import { recordOf, type SecretRecord } from '../src/token/secret-record.ts';
import { secretIn, token } from './token/token-copies-in-memory.ts';

const record = (version: number): SecretRecord =>
  recordOf(secretIn('team', token('1'), { resourceVersion: String(version) }));

function storeAt(version: number): {
  readonly store: ObjectStore<SecretRecord>;
  readonly changes: (bigint | undefined)[];
} {
  const changes: (bigint | undefined)[] = [];
  const store = new ObjectStore<SecretRecord>(
    ({ metadata }) => metadata.namespace,
    (_, now) => changes.push(now?.version),
  );
  store.replace([], BigInt(version));
  return { store, changes };
}

describe('B52: what is known of copies', () => {
  it('an event or a list from before our own write does not undo it', () => {
    const { store, changes } = storeAt(5);
    store.upsert(record(9));
    store.apply('team', record(7), 7n);
    store.apply('team', undefined, 8n);
    store.replace([], 8n);
    store.replace([record(7)], 8n);
    expect(store.get('team')?.version).toBe(9n);
    store.apply('team', undefined, 10n);
    expect(changes).toEqual([9n, undefined]);
  });

  it('an answer that comes after the watch has told more brings nothing back', () => {
    const { store, changes } = storeAt(5);
    store.apply('team', undefined, 10n);
    store.upsert(record(9));
    expect(store.get('team')).toBeUndefined();
    expect(changes).toEqual([]);
  });

  it('data that were set back on the server are taken from the list', () => {
    const { store } = storeAt(5);
    store.apply('team', record(9), 9n);
    store.replace([record(3)], 4n);
    expect(store.get('team')?.version).toBe(3n);
    store.replace([], 4n);
    expect(store.get('team')).toBeUndefined();
  });
});
