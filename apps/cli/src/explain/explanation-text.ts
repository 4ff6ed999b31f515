import { formatPlace, type Fault } from '../fault.ts';
import { printable } from '../terminal/printable.ts';
import type { Style } from '../terminal/style.ts';
import { table } from '../terminal/table.ts';
import { askedText } from './asked-text.ts';
import { commandText } from './command-text.ts';
import type { ContainerExplanation, TemplateExplanation } from './explain-template.ts';

/** One object with what becomes of its pods. */
export interface ObjectExplanation {
  readonly kind: string;
  readonly name: string;
  readonly place: Pick<Fault, 'file' | 'document' | 'position'>;
  readonly templates: readonly TemplateExplanation[];
  readonly warnings: readonly Fault[];
}

/** An explanation for people. Ends in a newline. */
export function explanationText(object: ObjectExplanation, style: Style): string {
  const heading = style('bold', `${object.kind} ${printable(object.name)}`);
  const warnings = object.warnings.map(({ message, code }) =>
    style('yellow', `warning: ${printable(message)} (${code})`),
  );
  return [
    `${heading}  ${style('dim', formatPlace(object.place).replace(/: $/, ''))}\n`,
    ...object.templates.map((template) => templateText(template, style)),
    ...warnings.map((warning) => `  ${warning}\n`),
  ].join('');
}

function templateText(template: TemplateExplanation, style: Style): string {
  const { path, request, replicas, units, sum } = template;
  const title = path === '' ? '' : `  ${printable(path)}\n`;
  if (request === undefined) {
    const why = units === 0n ? 'asks for no Bitfusion GPU' : `has been injected already, ${sum}`;
    return `${title}  ${why}: left as it is\n`;
  }
  const { client, mode, filters, home } = request;
  const settings = [
    ['mode', mode],
    ['client', `${client.os} ${client.version}`],
    ...(filters.length === 0 ? [] : [['filters', printable(filters.join(' '))]]),
    ...(home === '/root' ? [] : [['home', printable(home)]]),
  ];
  const totals = [
    ['pod', sum],
    ...(replicas === 1 ? [] : [['pods', `${replicas} x ${units} = ${BigInt(replicas) * units} units`]]),
  ];
  return [
    title,
    table(settings, '  '),
    ...template.containers.map((container) => containerText(container, style)),
    table(totals, '  '),
  ].join('');
}

function containerText(container: ContainerExplanation, style: Style): string {
  const { name, list, asked, sum } = container;
  const before = commandText(container.before);
  const after = commandText(container.after);
  const rows = [
    ['asks', askedText(asked)],
    ...(sum === undefined ? [] : [['units', sum]]),
    ['before', before],
    ['after', after === before ? 'the same' : style('green', after)],
  ];
  const kind = list === 'initContainers' ? 'init container' : 'container';
  return `  ${kind} ${style('bold', printable(name))}\n${table(rows, '    ')}`;
}
