import { describe, expect, it } from 'vitest';

import { asJsonObject, err, isJsonObject, ok, type Result } from './index.ts';

describe('Result', () => {
  it('§2: narrows on ok and survives structured cloning', () => {
    const results: readonly Result<number, string>[] = [ok(1), err('no number')];
    expect(results.map((result) => (result.ok ? result.value : result.error))).toEqual([1, 'no number']);
    expect(structuredClone(results)).toEqual(results);
  });
});

describe('an object of JSON', () => {
  it.each(['{}', '{"a":[]}', '{"__proto__":{"a":1}}'])('§2: is %s', (text) => {
    const value: unknown = JSON.parse(text);
    expect(isJsonObject(value)).toBe(true);
    expect(asJsonObject(value)).toBe(value);
  });

  it.each(['null', '[]', '[{}]', '"{}"', '0', 'true'])('§2: is not %s', (text) => {
    const value: unknown = JSON.parse(text);
    expect(isJsonObject(value)).toBe(false);
    expect(asJsonObject(value)).toBeUndefined();
  });

  it('§2: is not undefined or a function', () => {
    for (const value of [undefined, (): void => undefined]) expect(isJsonObject(value)).toBe(false);
  });
});
