import { isJsonObject, type JsonObject } from '@bwki/plain-data';

import { annotations } from './annotations.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import { quote } from '../findings/quote.ts';
import type { ContainerGpuRequest, ContainerRef } from '../pod/request.ts';

/**
 * Warns of each container that is known not to run as root while the pod does not say where its home is (B4): the
 * client looks for its files in the home of its user. The USER of an image is not known here.
 */
export function warnOfUnknownHomes(
  spec: JsonObject,
  specPath: FieldPath,
  requests: readonly ContainerGpuRequest[],
  findings: Findings,
): void {
  const pod = readUser(spec);
  for (const { ref } of requests) {
    const own = readUser(containerAt(spec, ref));
    // What the container does not set the pod sets for it, field by field.
    const user = own.runAsUser ?? pod.runAsUser;
    const mustNotBeRoot = own.runAsNonRoot ?? pod.runAsNonRoot ?? false;
    if (user === 0 || (user === undefined && !mustNotBeRoot)) continue;
    const field = user === undefined ? 'runAsNonRoot' : 'runAsUser';
    const owner = own[field] === undefined ? specPath : specPath.child(ref.list).index(ref.index);
    const as = user === undefined ? 'does not run as root' : `runs as user ${user}`;
    findings.warnings.push({
      code: 'SPEC_HOME_UNKNOWN',
      field: owner.child('securityContext').child(field).toString(),
      message: `container ${quote(ref.name)} ${as}: set ${annotations.home} to its home`,
    });
  }
}

function containerAt(spec: JsonObject, ref: ContainerRef): unknown {
  const containers = spec[ref.list];
  return Array.isArray(containers) ? containers[ref.index] : undefined;
}

/** What the security context of a container or of a pod's spec says of the user; other types say nothing. */
interface User {
  readonly runAsUser: number | undefined;
  readonly runAsNonRoot: boolean | undefined;
}

function readUser(owner: unknown): User {
  const context = isJsonObject(owner) ? owner['securityContext'] : undefined;
  const { runAsUser, runAsNonRoot } = isJsonObject(context) ? context : {};
  return {
    runAsUser: typeof runAsUser === 'number' ? runAsUser : undefined,
    runAsNonRoot: typeof runAsNonRoot === 'boolean' ? runAsNonRoot : undefined,
  };
}
