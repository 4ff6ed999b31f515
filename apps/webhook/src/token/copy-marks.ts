/**
 * On each copy, so that `kubectl -l` and the uninstall Job find them. Anybody who may create secrets can set it, so it
 * proves nothing: {@link copyMarkAnnotation} does.
 */
export const copyLabel: { readonly key: string; readonly value: string } = Object.freeze({
  key: 'bwki.bitfusion.io/token-copy',
  value: 'true',
});

/** On each copy: the source's resource version that its data were taken from. */
export const sourceVersionAnnotation = 'bwki.bitfusion.io/source-resource-version';

/**
 * On each copy: proof that the webhook wrote it, an HMAC-SHA256 over its namespace and name, as {@link copyMarkPattern}
 * has it. A secret without it is not filled.
 */
export const copyMarkAnnotation = 'bwki.bitfusion.io/token-copy-mark';

/** 32 bytes in base64url without padding; RE2 syntax as CEL's `matches` takes it, too. */
export const copyMarkPattern = '^[A-Za-z0-9_-]{43}$';

/** The secret in the webhook's own namespace that holds the key of the marks, of type `Opaque`. */
export const copyMarkKeySecret: { readonly name: string; readonly key: string } = Object.freeze({
  name: 'bwki-webhook-token-copy-key',
  key: 'key',
});
