/** What the system calls an error of its own: `ENOENT`; `UNKNOWN` for what is no such error. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
}
