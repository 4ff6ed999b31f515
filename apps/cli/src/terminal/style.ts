import { styleText } from 'node:util';

import type { Io, Output } from '../io.ts';

type Format = Parameters<typeof styleText>[0];

/** Marks up a text, or leaves it plain where nobody would see colours. */
export type Style = (format: Format, text: string) => string;

/** Colours only where a person looks on and has not asked for none (no-color.org, `TERM=dumb`). */
export function styleFor(output: Output, env: Io['env']): Style {
  const colours = output.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return colours ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text;
}
