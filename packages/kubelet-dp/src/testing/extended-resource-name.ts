const namePart = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const subdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Whether the kubelet takes the name from a plugin: a domain that is not Kubernetes' own, a slash, and a name of up to
 * 63 characters. The domain leaves room for the `requests.` that a quota puts before it.
 */
export function isExtendedResourceName(name: string): boolean {
  if (name.includes('kubernetes.io/') || name.startsWith('requests.')) return false;
  const [domain, local, ...more] = `requests.${name}`.split('/');
  if (domain === undefined || local === undefined || more.length > 0) return false;
  return domain.length <= 253 && subdomain.test(domain) && local.length <= 63 && namePart.test(local);
}
