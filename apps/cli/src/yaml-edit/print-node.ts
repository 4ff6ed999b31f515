import { Document, Scalar, visit, type Node } from 'yaml';

import { kubernetesYaml } from '../manifest/kubernetes-yaml.ts';
import type { TextLayout } from './text-layout.ts';

/** Text that no reader of YAML 1.1 or 1.2 takes for anything but a string, whatever stands around it. */
const plainText = /^(?:-{0,2}[A-Za-z]|\/)(?:[\w./:@+=-]*[\w/=])?$/;

/** Characters that end a line or are forbidden in some reader, though JSON lets them stand as they are. */
const unsafe = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

/** A node in block style, in lines that are not indented yet. Comments that it carries are kept. */
export function printBlock(node: Node, layout: TextLayout): readonly string[] {
  const document = new Document(null, kubernetesYaml);
  document.contents = node;
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value !== 'string') return;
      // A scalar of the text keeps its style; a new one gets the plainest that is safe.
      if (scalar.type === undefined || scalar.value.search(unsafe) >= 0) scalar.type = styleFor(scalar.value);
      // The library takes even a quoted one for the sign of a merge.
      if (scalar.value === '<<') scalar.tag = 'tag:yaml.org,2002:str';
    },
  });
  const text = document.toString({
    lineWidth: 0,
    indent: layout.indent,
    indentSeq: layout.indentedSequences,
    verifyAliasOrder: false,
  });
  return escapeUnsafe(text).trimEnd().split('\n');
}

function styleFor(text: string): Scalar.Type {
  return plainText.test(text) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE;
}

/** A value in flow style on one line, which is JSON too. */
export function printFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printFlow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, part]) => `${printFlow(key)}: ${printFlow(part)}`);
    return `{${entries.join(', ')}}`;
  }
  return escapeUnsafe(JSON.stringify(value));
}

/** A value in flow style over several lines, which is JSON too. */
export function printFlowLines(value: unknown, indent: string): readonly string[] {
  return escapeUnsafe(JSON.stringify(value, null, indent)).split('\n');
}

/** Such characters stand in double quotes only, where `\u` is understood. */
function escapeUnsafe(text: string): string {
  return text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
