/** On each copy: it is the webhook's to change. Without it a secret of that name belongs to a user. */
export const copyLabel: { readonly key: string; readonly value: string } = Object.freeze({
  key: 'bwki.bitfusion.io/token-copy',
  value: 'true',
});

/** On each copy: the source's resource version that its data were taken from. */
export const sourceVersionAnnotation = 'bwki.bitfusion.io/source-resource-version';
