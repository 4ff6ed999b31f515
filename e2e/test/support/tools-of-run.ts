import { inject } from 'vitest';

import { programsOf, type Programs, type ToolSetName } from '../../harness/index.ts';

/** The programs and files of a set that the test file's first comment names after `@needs`. */
export function toolsOfRun<Name extends ToolSetName>(name: Name): Programs<Name> {
  const e2e = inject('e2e');
  if (e2e.kind === 'existing') throw new Error('this test has to start a cluster of its own');
  return programsOf(e2e.tools, name);
}
