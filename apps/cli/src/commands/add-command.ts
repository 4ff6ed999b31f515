import type { Command } from 'commander';

import type { ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';

/** Adds a command to the program; `end` is called with how it ended. */
export type AddCommand = (program: Command, io: Io, end: (code: ExitCode) => void) => void;
