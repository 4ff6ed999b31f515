import { join } from 'node:path';

/** The root of the repository. */
export const workspace: string = join(import.meta.dirname, '../../../..');
export const license: string = join(workspace, 'LICENSE');
