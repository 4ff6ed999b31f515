/** Braces of a Helm template, which `helm template` or `helm install` would have replaced. */
const templateBraces = '{{';

/** What to say of a value that is a Helm template still; undefined for any other. */
export function notRendered(value: unknown): string | undefined {
  return typeof value === 'string' && value.includes(templateBraces)
    ? 'is an unrendered Helm template: render the chart first (helm template)'
    : undefined;
}

/** `8GB`, `512 MiB`: a suffix of bytes, where Kubernetes has the letter alone. */
const byteSuffix = /^([0-9]+(?:\.[0-9]+)?) ?([kKmMgGtT])(i?)[bB]?$/;

/** `50%`. */
const percentSign = /^([0-9]+) ?%$/;

/** The quantity that a text probably means, in the form that Kubernetes takes; undefined where nobody can tell. */
export function meantQuantity(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  const percent = percentSign.exec(text)?.[1];
  if (percent !== undefined) return percent;
  const [, number, letter = '', binary] = byteSuffix.exec(text) ?? [];
  if (number === undefined) return undefined;
  if (binary === 'i') return `${number}${letter.toUpperCase()}i`;
  return number + (letter.toLowerCase() === 'k' ? 'k' : letter.toUpperCase());
}
