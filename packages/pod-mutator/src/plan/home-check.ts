import { annotations, type FieldError, type PodGpuRequest, type PodReading } from '@bwki/spec-parser';

import { clientHome } from '../layout.ts';
import { isBelow } from './mount-path.ts';
import { readOnlyPaths } from './volume-mounts.ts';

/** An error for each home inside a directory that is mounted read-only: the client could not write there. */
export function checkHomes(request: PodGpuRequest, reading: PodReading): readonly FieldError[] {
  const directories = readOnlyPaths(request.client);
  const above = (home: string): string | undefined =>
    directories.find((directory) => isBelow(clientHome(home), directory));
  const isAnnotated = reading.annotations[annotations.home] !== undefined;
  const errors = new Map<string, FieldError>();
  const check = (home: string, field: () => string): void => {
    const directory = above(home);
    if (directory === undefined || errors.has(home)) return;
    errors.set(home, {
      type: 'Invalid',
      code: 'MUTATION_HOME_READ_ONLY',
      field: field(),
      value: home,
      detail: `${directory} is mounted read-only for the Bitfusion client, which writes to its home: choose another directory`,
    });
  };
  const annotation = (): string => reading.metadataPath.child('annotations').key(annotations.home).toString();
  if (isAnnotated) check(request.home, annotation);
  for (const { home, ref } of request.containers) {
    const path = reading.containerAt(ref)?.path;
    check(home, isAnnotated || path === undefined ? annotation : () => path.child('env').toString());
  }
  return Array.from(errors.values());
}
