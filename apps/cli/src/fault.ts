import { printable } from './terminal/printable.ts';

/** One thing that is wrong with what a user gave, and where as far as that is known. */
export interface Fault {
  /** Stable, documented in `docs/errors.md`; of the command line itself or of a library. */
  readonly code: string;
  /** One line; begins with the field's path where there is one. */
  readonly message: string;
  /** As the user named it; `<stdin>` for `-`. */
  readonly file?: string | undefined;
  /** Counted from 1; given only where the file holds several documents. */
  readonly document?: number | undefined;
  readonly position?: Position | undefined;
}

/** Both counted from 1, as editors count. */
export interface Position {
  readonly line: number;
  readonly col: number;
}

/** `file:line:col: document 2: field: message (CODE)`, which editors and CI annotators can follow. */
export function formatFault(fault: Fault): string {
  return `${formatPlace(fault)}${printable(fault.message)} (${fault.code})`;
}

/** The part of a fault's line that says where, with its `: `; empty where nothing is known. */
export function formatPlace(place: Pick<Fault, 'file' | 'document' | 'position'>): string {
  let text = '';
  if (place.file !== undefined) {
    text += printable(place.file);
    if (place.position) text += `:${place.position.line}:${place.position.col}`;
    text += ': ';
  }
  if (place.document !== undefined) text += `document ${place.document}: `;
  return text;
}
