const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const maxLength = 63;

/**
 * Whether a text can be the name of a namespace, which is a DNS label. Any other text may change the path of a request
 * that it is put in, such as `..`.
 */
export function isNamespaceName(text: string): boolean {
  return text.length <= maxLength && label.test(text);
}
