/** Why the client gave up, in its own words. */
export interface ClientFailure {
  /**
   * - `NO_SERVER`: no server accepted the client's id: unreachable, or another pool's token.
   * - `TOKEN_EXPIRED`: the access token (one year) is over.
   * - `OTHER`: anything else.
   */
  readonly code: 'NO_SERVER' | 'TOKEN_EXPIRED' | 'OTHER';
  /** Without the leading `Error: `. */
  readonly message: string;
}

/** Reads `Error: …` or `Token expired at: …`; undefined when the line is neither. */
export function readFailure(line: string): ClientFailure | undefined {
  const message =
    /^Error:(.*)$/s.exec(line)?.[1]?.trimStart() ?? (line.startsWith('Token expired at:') ? line : undefined);
  return message === undefined ? undefined : { code: failureCode(message), message };
}

function failureCode(message: string): ClientFailure['code'] {
  if (message.startsWith('none of the servers responded correctly')) return 'NO_SERVER';
  return message.startsWith('Token expired at:') ? 'TOKEN_EXPIRED' : 'OTHER';
}

/** The last failure among the lines: the one that ended the client. */
export function failureOf(
  lines: readonly { readonly kind: string; readonly failure?: ClientFailure }[],
): ClientFailure | undefined {
  return lines.findLast((line) => line.failure !== undefined)?.failure;
}
