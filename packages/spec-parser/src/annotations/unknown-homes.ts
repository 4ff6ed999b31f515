import type { Findings } from '../findings/findings.ts';
import { quote } from '../findings/quote.ts';
import type { PodContainer, PodReading } from '../pod/read-pod.ts';
import { annotations } from './annotations.ts';
import type { ContainerHomes } from './home.ts';

/**
 * Warns of a container that is known not to run as root while the pod does not say where its home is: the client looks
 * for its files in the home of its user. The USER of an image is not known here.
 */
export function warnOfUnknownHome(
  { spec, specPath }: PodReading,
  place: PodContainer,
  homes: ContainerHomes,
  findings: Findings,
): void {
  if (homes.isGivenFor(place)) return;
  const own = place.container.securityContext;
  const pod = spec.securityContext;
  // What the container does not set the pod sets for it, field by field.
  const user = own?.runAsUser ?? pod?.runAsUser;
  const mustNotBeRoot = own?.runAsNonRoot ?? pod?.runAsNonRoot ?? false;
  if (user === 0 || (user === undefined && !mustNotBeRoot)) return;
  const field = user === undefined ? 'runAsNonRoot' : 'runAsUser';
  const owner = own?.[field] === undefined ? specPath : place.path;
  const as = user === undefined ? 'does not run as root' : `runs as user ${user}`;
  findings.warnings.push({
    code: 'SPEC_HOME_UNKNOWN',
    field: owner.child('securityContext').child(field).toString(),
    message: `container ${quote(place.ref.name)} ${as}: set ${annotations.home} to its home`,
  });
}
