import { annotations, FieldPath, type FieldError, type PodGpuRequest } from '@bwki/spec-parser';

import { clientHome } from '../layout.ts';
import { isBelow } from './mount-path.ts';
import { gpuVolumeMounts } from './volume-mounts.ts';

/**
 * B4, B40: a home inside a directory that is mounted read-only cannot have the client's own directory in it.
 *
 * @param metadataPath where the pod's annotations stand
 */
export function checkHome(request: PodGpuRequest, metadataPath: FieldPath): readonly FieldError[] {
  const home = clientHome(request.home);
  const above = gpuVolumeMounts(request.client, '', request.home).find(
    (mount) => mount.readOnly === true && isBelow(home, mount.mountPath),
  );
  if (above === undefined) return [];
  return [
    {
      type: 'Invalid',
      code: 'MUTATION_HOME_READ_ONLY',
      field: metadataPath.child('annotations').key(annotations.home).toString(),
      value: request.home,
      detail: `${above.mountPath} is mounted read-only for the Bitfusion client, which writes to its home: choose another directory`,
    },
  ];
}
