import { join } from 'node:path';

import { writeScript } from './shell-script.ts';

/**
 * Puts a `bitfusion` into a container that has none, for a command that calls it itself: it starts the program as it
 * is, so that what the program is given without GPUs can be seen.
 */
export async function installPassThrough(root: string): Promise<void> {
  await writeScript(join(root, 'usr/local/bin/bitfusion'), [
    '[ "$1" = run ] || exit 0',
    'shift',
    'while :; do',
    '  case $1 in',
    '    --) shift; break ;;',
    '    -n | -p | -m | --filter | --server_list) shift 2 ;;',
    '    *) break ;;',
    '  esac',
    'done',
    'exec "$@"',
  ]);
}
