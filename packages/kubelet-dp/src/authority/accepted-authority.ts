import type { HeaderField } from './hpack/header-field.ts';

/** What Node's HTTP/2 (nghttp2) takes in an authority; a socket's path fails by its `/`. */
const accepted = /^[!$%&'()*+,\-.0-9:;=A-Z[\]_a-z~]+$/;

/** What clients of Unix sockets agreed on; kubelets send it from 1.26 on. */
const substitute = 'localhost';

export function isAcceptedAuthority(authority: string): boolean {
  return accepted.test(authority);
}

/**
 * The fields with an authority that is accepted: each bad one is replaced, and a request that names no host at all gets
 * one. Undefined where nothing has to change; trailers and CONNECT are such.
 */
export function withAcceptedAuthority(fields: readonly HeaderField[]): readonly HeaderField[] | undefined {
  const isBad = ({ name, value }: HeaderField): boolean =>
    name === ':authority' && !isAcceptedAuthority(value);
  if (fields.some(isBad)) {
    return fields.map((field) => (isBad(field) ? { ...field, value: substitute } : field));
  }
  const has = (name: string): boolean => fields.some((field) => field.name === name);
  if (!has(':path') || has(':authority') || has('host')) return undefined;
  return [{ name: ':authority', value: substitute, neverIndex: false }, ...fields];
}
