import { type Command, CommanderError } from 'commander';
import type { z } from 'zod';

/** What the words of a command line come to. */
export type CommandLine<Options> =
  | { readonly kind: 'run'; readonly options: Options }
  /** Help or the version, for standard output. */
  | { readonly kind: 'told'; readonly text: string }
  /** For standard error; every fault of the values is in it. */
  | { readonly kind: 'wrong-usage'; readonly text: string };

/**
 * Reads the flags of a program: commander knows which there are, the schema what their values may be.
 *
 * @param program made for this call alone; its settings of output and exit are replaced
 * @param args without the program's own name
 */
export function readCommandLine<Schema extends z.ZodType>(
  program: Command,
  schema: Schema,
  args: readonly string[],
): CommandLine<z.infer<Schema>> {
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  program
    .exitOverride()
    .allowExcessArguments(false)
    .showHelpAfterError(`(${program.name()} --help tells more)`)
    .configureOutput({
      writeOut: write,
      writeErr: write,
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: error.exitCode === 0 ? 'told' : 'wrong-usage', text };
  }
  const parsed = schema.safeParse(program.opts());
  if (parsed.success) return { kind: 'run', options: parsed.data };
  const faults = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `--${path.join('.')}: ${message}`,
  );
  return { kind: 'wrong-usage', text: faults.map((fault) => `error: ${fault}\n`).join('') };
}
