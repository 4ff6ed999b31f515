import { type Command, forEachChild, type SyntaxNode } from 'unbash';

/** Commands that give a value to, or take it from, the variables that they name. */
const assigning: ReadonlySet<string> = new Set([
  'read',
  'readarray',
  'mapfile',
  'unset',
  'getopts',
  'printf',
  'let',
  'export',
  'declare',
  'typeset',
  'local',
  'readonly',
]);

/**
 * The variables that a script may change itself (`N=4; … $N`), so that their value in the container's environment says
 * nothing. Errs to the side of naming too many: every word of `read N`, every operand of `export N`.
 */
export function assignedNames(node: SyntaxNode): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (child: SyntaxNode): void => {
    if (child.type === 'Assignment') names.add(child.name);
    else if (child.type === 'For' || child.type === 'Select') names.add(child.name.value);
    else if (child.type === 'ParameterExpansion' && child.operation?.type === 'Default')
      names.add(child.parameter);
    else if (child.type === 'ArithmeticWord') names.add(child.value);
    else if (child.type === 'Command') for (const name of namedBy(child)) names.add(name);
    forEachChild(child, visit);
  };
  visit(node);
  return names;
}

/** The literal values that a script gives to variables, each with every value that it gets. */
export function assignedTexts(node: SyntaxNode): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  const visit = (child: SyntaxNode): void => {
    if (child.type === 'Assignment' && child.value.type === 'Word') {
      const values = texts.get(child.name);
      if (values === undefined) texts.set(child.name, [child.value.value]);
      else values.push(child.value.value);
    }
    forEachChild(child, visit);
  };
  visit(node);
  return texts;
}

function* namedBy(command: Command): Generator<string> {
  if (command.name === undefined || !assigning.has(command.name.value)) return;
  for (const argument of command.args) {
    if (argument.type === 'Word') yield argument.value.split('=', 1)[0] ?? '';
  }
}
