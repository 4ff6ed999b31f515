import fc from 'fast-check';

/** Fewer than what is refused as nested too deep. */
const levels = 5000;

/** Texts that `JSON.stringify` would never write, and that a parser meets all the same. */
const rawTexts: readonly string[] = [
  '1e400',
  '-1e400',
  '-0',
  '1E-999',
  '9'.repeat(400),
  '{"a":1,"a":{"a":2}}',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '"\\ud800\\u0000"',
  '['.repeat(levels) + ']'.repeat(levels),
  `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`,
];

/** Those that are soon read. */
const shortRaws = [...rawTexts.keys()].filter((index) => (rawTexts[index]?.length ?? 0) < levels);

/** Any text, lone surrogates and NUL too. (`fc.string` of binary units takes half a second to be made.) */
export const anyText: fc.Arbitrary<string> = fc
  .uint16Array({ maxLength: 20 })
  .map((units) => String.fromCharCode(...units));

const key = fc.oneof(
  anyText,
  fc.constantFrom('__proto__', 'constructor', 'toString', 'name', 'limits', 'bitfusion.io/gpu', 'metadata'),
);

/** Any JSON at all, such as stands where something else should. `printJson` makes its text. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, 0, -1, 1e300, '', 'all', '1', '50', 'bitfusion run -n 1 x', [], {}),
    fc
      .constantFrom(...shortRaws, ...shortRaws, ...shortRaws, ...rawTexts.keys())
      .map((index) => `@raw:${index}`),
    anyText,
    fc.double(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value;

/** JSON text of a value that holds parts of `anyJson`. */
export function printJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /"@raw:(\d+)"/g,
    (_, index: string) => rawTexts[Number(index)] ?? 'null',
  );
}

type Place = readonly string[];

/** One place of a value chosen by a number, with something else put there. */
export const change: fc.Arbitrary<readonly [number, unknown]> = fc.tuple(fc.nat(100_000), anyJson);

/** The value with each change made, one after the other. Nothing of the value itself is changed. */
export function changed(value: unknown, changes: readonly (readonly [number, unknown])[]): unknown {
  return changes.reduce((old: unknown, [number, replacement]) => {
    const all = placesOf(old, []);
    return withValueAt(old, all[number % all.length] ?? [], replacement);
  }, value);
}

/** Every place of a JSON value, the whole included. */
function placesOf(value: unknown, path: Place): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, child]) => placesOf(child, [...path, name]))];
}

function withValueAt(value: unknown, [step, ...rest]: Place, replacement: unknown): unknown {
  if (step === undefined) return replacement;
  const copy = (Array.isArray(value) ? Array.from<unknown>(value) : { ...(value as object) }) as object;
  const child: unknown = Object.getOwnPropertyDescriptor(copy, step)?.value;
  // Defined, not set: a set `__proto__` would be no key.
  Object.defineProperty(copy, step, {
    value: withValueAt(child, rest, replacement),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}
