/** A text as a CEL string literal. */
export function celString(text: string): string {
  return JSON.stringify(text);
}

/** A field of an object as CEL selects it: `object.spec`, `object.spec["a-b"]`. */
export function celField(parent: string, name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name) && !reserved.has(name)
    ? `${parent}.${name}`
    : `${parent}[${celString(name)}]`;
}

/** Words that CEL does not take as a field's name (its specification, "Syntax"). */
const reserved: ReadonlySet<string> = new Set(
  (
    'as break const continue else false for function if import in let loop null package namespace return true ' +
    'var void while'
  ).split(' '),
);
