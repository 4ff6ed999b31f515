import { DevicePluginError } from './device-plugin-error.ts';

const maxDomainLength = 253 - 'requests.'.length;
const maxNameLength = 63;
const domainForm = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const nameForm = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/**
 * Checks what the kubelet would check: an extended resource, whose name with `requests.` in front is a qualified
 * name too, since a quota names it so.
 * @throws DevicePluginError DEVICE_RESOURCE_NAME_INVALID
 */
export function checkResourceName(resourceName: string): void {
  const fault = faultOf(resourceName);
  if (fault === undefined) return;
  const shown = JSON.stringify(resourceName.length > 320 ? `${resourceName.slice(0, 317)}...` : resourceName);
  throw new DevicePluginError(
    'DEVICE_RESOURCE_NAME_INVALID',
    `resourceName ${shown} ${fault}: choose a domain of yours and a name, such as example.com/fuse`,
  );
}

function faultOf(resourceName: string): string | undefined {
  const [domain = '', name, ...more] = resourceName.split('/');
  if (name === undefined) return 'has no slash';
  if (more.length > 0) return 'has more than one slash';
  if (resourceName.includes('kubernetes.io/')) return "is of Kubernetes' own domain kubernetes.io";
  if (domain.startsWith('requests.')) return 'begins with "requests.", which quotas put in front of a name';
  if (domain.length > maxDomainLength) return `has a domain of more than ${maxDomainLength} characters`;
  if (!domainForm.test(domain))
    return 'has no domain of lower case letters, digits, "-" and "." before the slash';
  if (name.length > maxNameLength) return `has more than ${maxNameLength} characters after the slash`;
  if (!nameForm.test(name)) {
    return 'has something else after the slash than letters and digits, with "-", "_" and "." between them';
  }
  return undefined;
}
