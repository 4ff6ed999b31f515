import { describe, expect, it } from 'vitest';

import { SecretCache } from '../../src/token/secret-cache.ts';
import { recordOf, type SecretRecord } from '../../src/token/secret-record.ts';
import { secretIn, token } from './token-copies-in-memory.ts';

const record = (version: number): SecretRecord =>
  recordOf(secretIn('team', token('1'), { resourceVersion: String(version) }));

function cacheAt(version: number): { readonly cache: SecretCache; readonly changes: (bigint | undefined)[] } {
  const changes: (bigint | undefined)[] = [];
  const cache = new SecretCache((_, now) => changes.push(now?.version));
  cache.replace([], BigInt(version));
  return { cache, changes };
}

describe('B52: what is known of copies', () => {
  it('an event or a list from before our own write does not undo it', () => {
    const { cache, changes } = cacheAt(5);
    cache.answered(record(9));
    cache.tell('team', record(7), 7n);
    cache.tell('team', undefined, 8n);
    cache.replace([], 8n);
    cache.replace([record(7)], 8n);
    expect(cache.get('team')?.version).toBe(9n);
    cache.tell('team', undefined, 10n);
    expect(changes).toEqual([9n, undefined]);
  });

  it('an answer that comes after the watch has told more brings nothing back', () => {
    const { cache, changes } = cacheAt(5);
    cache.tell('team', undefined, 10n);
    cache.answered(record(9));
    expect(cache.get('team')).toBeUndefined();
    expect(changes).toEqual([]);
  });

  it('data that were set back on the server are taken from the list', () => {
    const { cache } = cacheAt(5);
    cache.tell('team', record(9), 9n);
    cache.replace([record(3)], 4n);
    expect(cache.get('team')?.version).toBe(3n);
    cache.replace([], 4n);
    expect(cache.get('team')).toBeUndefined();
  });
});
