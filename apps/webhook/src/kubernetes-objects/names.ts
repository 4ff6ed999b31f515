/** What the Kubernetes objects of the webhook are called: as in the original system, which clusters still know. */
export const names: {
  readonly namespace: 'bwki';
  readonly service: 'bwki-webhook-svc';
  readonly mutatingConfiguration: 'bwki-webhook-cfg';
  readonly validatingConfiguration: 'validation.bitfusion.io-cfg';
  /** The Deployment, its ServiceAccount, and the roles that this account has. */
  readonly deployment: 'bitfusion-webhook-deployment';
  readonly configMap: 'bwki-webhook-configmap';
  /** The secret with the CA and the serving certificate (B54). */
  readonly certificates: 'bwki-webhook-certs';
} = Object.freeze({
  namespace: 'bwki',
  service: 'bwki-webhook-svc',
  mutatingConfiguration: 'bwki-webhook-cfg',
  validatingConfiguration: 'validation.bitfusion.io-cfg',
  deployment: 'bitfusion-webhook-deployment',
  configMap: 'bwki-webhook-configmap',
  certificates: 'bwki-webhook-certs',
});

/** The names of the webhook's Service, of which an API server uses `NAME.NAMESPACE.svc`. */
export function serviceNames(service: string, namespace: string): readonly string[] {
  const name = `${service}.${namespace}`;
  return [`${name}.svc`, `${name}.svc.cluster.local`, name, service];
}
