/** An object of JSON: neither null nor an array. `__proto__` is a key like any other there, and is never followed. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
