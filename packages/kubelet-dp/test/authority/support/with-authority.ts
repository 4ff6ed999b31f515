import type { HeaderField } from '../../../src/authority/hpack/header-field.ts';
import { acceptedAuthorities } from './arbitraries.ts';

/** What the server has to see of headers that were sent. */
export function withAuthority(fields: readonly HeaderField[]): readonly HeaderField[] {
  const names = fields.map(({ name }) => name);
  if (names.includes(':path') && !names.includes(':authority')) {
    return [{ name: ':authority', value: 'localhost', neverIndex: false }, ...fields];
  }
  return fields.map((field) =>
    field.name === ':authority' && !acceptedAuthorities.includes(field.value)
      ? { ...field, value: 'localhost' }
      : field,
  );
}
