/**
 * The JSON pointers at which two values differ, the outermost of each difference: of an array or object that only
 * one of them has, its own.
 */
export function changedPaths(before: unknown, after: unknown, path = ''): readonly string[] {
  if (Object.is(before, after)) return [];
  if (!isCollection(before) || !isCollection(after) || Array.isArray(before) !== Array.isArray(after))
    return [path];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Array.from(keys).flatMap((key) => {
    const below = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return Object.hasOwn(before, key) && Object.hasOwn(after, key)
      ? changedPaths(before[key], after[key], below)
      : [below];
  });
}

function isCollection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
