/**
 * What the kubelet makes of an element of `command` or `args` before it starts a container
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/): `$(NAME)`
 * is the variable's value, or stays as it is where there is none; `$$` is one `$`, and what follows it is text; any
 * other `$` stays.
 */
export function expand(text: string, variables: ReadonlyMap<string, string>): string {
  let expanded = '';
  let at = 0;
  while (at < text.length) {
    const close = text.startsWith('$(', at) ? text.indexOf(')', at + 2) : -1;
    if (text.startsWith('$$', at)) {
      expanded += '$';
      at += 2;
    } else if (close >= 0) {
      const reference = text.slice(at, close + 1);
      expanded += variables.get(reference.slice(2, -1)) ?? reference;
      at = close + 1;
    } else {
      expanded += text.charAt(at);
      at += 1;
    }
  }
  return expanded;
}

/** The variables that a container has, each expanded with those before it. */
export function environmentOf(
  env: readonly { readonly name?: string; readonly value?: string }[],
): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const { name = '', value = '' } of env) variables.set(name, expand(value, variables));
  return variables;
}
