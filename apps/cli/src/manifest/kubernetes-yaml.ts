import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions, Tags } from 'yaml';

/**
 * YAML as `kubectl` reads it: 1.1 (`yes` is a boolean, `0644` is octal, `<<` merges), but neither times nor
 * base-60 numbers (`22:22` is a string), and with the number prefixes that Go takes besides.
 */
export const kubernetesYaml: Readonly<ParseOptions & DocumentOptions & SchemaOptions> = {
  version: '1.1',
  schema: 'yaml-1.1',
  merge: true,
  keepSourceTokens: true,
  prettyErrors: false,
  customTags: (tags) => [goPrefixedInteger, binaryText, ...tags.filter((tag) => !isForeign(tag))],
};

/** `0o17`, `0X1F`, `0B1`: what Go's `ParseInt(s, 0, 64)` takes and YAML 1.1 does not. */
const goPrefixedInteger: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0(?:[oO][0-7_]+|X[0-9a-fA-F_]+|B[01_]+)$/,
  resolve: (text) => {
    const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
    return text.startsWith('-') ? -Number(digits) : Number(digits);
  },
};

/** In a Kubernetes object `!!binary` is the text that its base64 stands for. */
const binaryText: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve: (text) => Buffer.from(text, 'base64').toString('utf8'),
};

/** Tags of YAML 1.1 whose values a Kubernetes object cannot hold: times, base-60 numbers, sets and ordered maps. */
function isForeign(tag: Tags[number]): boolean {
  if (typeof tag === 'string')
    return ['binary', 'timestamp', 'intTime', 'floatTime', 'omap', 'pairs', 'set'].includes(tag);
  const name = tag.tag.slice(tag.tag.lastIndexOf(':') + 1);
  return (
    ('format' in tag && tag.format === 'TIME') ||
    ['binary', 'timestamp', 'omap', 'pairs', 'set'].includes(name)
  );
}
