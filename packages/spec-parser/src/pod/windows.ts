import { isJsonObject, type JsonObject } from '@bwki/plain-data';

import { findAsking } from '../resources/containers.ts';
import { forbidden } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import type { ContainerGpuRequest } from './request.ts';

/** B15. There is no client for Windows, so a pod of that system may neither ask for GPUs nor name a container. */
export function refuseWindows(
  spec: JsonObject,
  specPath: FieldPath,
  requests: readonly ContainerGpuRequest[],
  findings: Findings,
): void {
  const os = spec['os'];
  if (!isJsonObject(os) || os['name'] !== 'windows') return;
  // A container whose request is faulty is no request, but it asked.
  if (requests.length === 0 && findAsking(spec, specPath) === undefined) return;
  const detail = 'the Bitfusion client runs on Linux only; remove the GPUs, or choose the os "linux"';
  findings.errors.push(forbidden(specPath.child('os').child('name'), 'SPEC_WINDOWS_FORBIDDEN', detail));
}
