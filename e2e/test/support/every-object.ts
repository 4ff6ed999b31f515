import type { ControlPlane } from '../../harness/index.ts';

/** What Kubernetes makes and changes by itself all the time. */
const ofKubernetes =
  /^(events|leases|endpoints|endpointslices|pods|replicasets|controllerrevisions|componentstatuses)\b/;

/** In every namespace. */
const ofNamespaces = /\/(kube-root-ca\.crt|default)$/;

/** Every object there is, as `Secret kube-system/bitfusion-secret`, sorted; all but what Kubernetes makes by itself. */
export async function everyObject({ kubectl }: Pick<ControlPlane, 'kubectl'>): Promise<readonly string[]> {
  const read = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { status, stdout, stderr } = await kubectl(args);
    if (status !== 0) throw new Error(stderr);
    return stdout.trim().split('\n');
  };
  const kinds = await read('api-resources', '--verbs=list', '--output=name');
  const objects = await read(
    ...['get', kinds.filter((kind) => !ofKubernetes.test(kind)).join(','), '--all-namespaces'],
    ...['--output=jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name}{"\\n"}{end}'],
  );
  return objects.filter((object) => !ofNamespaces.test(object)).sort();
}
