/** A field of a header block. */
export interface HeaderField {
  /** Bytes as latin1, as on the wire: nothing is judged or made lower case. */
  readonly name: string;
  readonly value: string;
  /** The client forbids that any table keeps it: a secret. */
  readonly neverIndex: boolean;
}
