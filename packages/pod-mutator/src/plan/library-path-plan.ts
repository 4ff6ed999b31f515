import type { EnvVarLike, FieldError, FieldPath } from '@bwki/spec-parser';

import type { EnvVar } from '../kubernetes-objects.ts';
import { originalLibraryPath } from '../layout.ts';
import type { EnvChange } from './plan.ts';

const libraryPath = 'LD_LIBRARY_PATH';

export interface LibraryPathPlan {
  readonly changes: readonly EnvChange[];
  /** No value of the pod's own was found, so that one of the image, if there is one, is hidden now. */
  readonly hidesImage: boolean;
  readonly errors: readonly FieldError[];
}

/**
 * B37 for the policy `libraryPath: env`: the directory in front of what the pod sets. Kubernetes takes the last
 * of several variables of one name. A value that comes from elsewhere is moved to another name, which the new one
 * refers to; it stands right behind, since a reference only sees what comes before it.
 */
export function planLibraryPath(
  present: readonly EnvVarLike[],
  directory: string,
  path: FieldPath,
): LibraryPathPlan {
  const index = present.findLastIndex(({ name }) => name === libraryPath);
  const variable = present[index];
  if (variable === undefined) {
    return {
      changes: [{ kind: 'append', variable: { name: libraryPath, value: directory } }],
      hidesImage: true,
      errors: [],
    };
  }
  if (variable.valueFrom !== undefined) return moveAside(present, index, directory, path);
  const value = variable.value ?? '';
  const ours = value === directory || value.startsWith(`${directory}:`);
  const extended = value === '' ? directory : `${directory}:${value}`;
  return { changes: ours ? [] : [{ kind: 'value', index, value: extended }], hidesImage: false, errors: [] };
}

function moveAside(
  present: readonly EnvVarLike[],
  index: number,
  directory: string,
  path: FieldPath,
): LibraryPathPlan {
  const clash = present.findIndex(({ name }) => name === originalLibraryPath);
  if (clash !== -1) {
    const error: FieldError = {
      type: 'Invalid',
      code: 'MUTATION_ENV_TAKEN',
      field: path.index(clash).child('name').toString(),
      value: originalLibraryPath,
      detail: `is where the original value of ${libraryPath} is kept: give this variable another name`,
    };
    return { changes: [], hidesImage: false, errors: [error] };
  }
  const next: EnvVar = { name: libraryPath, value: `${directory}:$(${originalLibraryPath})` };
  return {
    changes: [{ kind: 'rename', index, name: originalLibraryPath, next }],
    hidesImage: false,
    errors: [],
  };
}
