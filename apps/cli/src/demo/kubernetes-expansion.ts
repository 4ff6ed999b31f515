/**
 * Expands a string of `command` or `args` as the kubelet does before it starts a container: `$(NAME)` is the value
 * of a variable, or stays as it is where there is none; `$$` is a dollar; any other dollar is itself.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
 */
export function expandReferences(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (found, name: string | undefined) =>
    name === undefined ? '$' : (variables.get(name) ?? found),
  );
}
