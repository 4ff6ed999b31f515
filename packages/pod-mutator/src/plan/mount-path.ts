/** Paths that are clean as they are: most of them. An element that begins with a dot is looked at more closely. */
const alreadyClean = /^(?:\/[^/.][^/]*)+$/;

/**
 * A mount path in the form that Kubernetes compares: no repeated, trailing or `.` elements, `..` resolved
 * (`path.Clean` of Go, for absolute paths).
 */
export function cleanMountPath(path: string): string {
  if (alreadyClean.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Whether a clean path lies below another clean path. */
export function isBelow(path: string, directory: string): boolean {
  return path.charAt(directory.length) === '/' && path.startsWith(directory);
}
