import { describe, expect, it } from 'vitest';

import { gpuPod, policyOf } from '../../test/gpu-pod.ts';
import { mutatePod } from '../mutate-pod.ts';

const readOnly = 'MUTATION_MOUNT_ABOVE_READ_ONLY spec.containers[0].volumeMounts[0].mountPath';
const files = 'MUTATION_MOUNT_ABOVE_FILES spec.containers[0].volumeMounts[0].mountPath';

describe('a mount above ours', () => {
  it.each<[string, object, object, string[]]>([
    ['/opt', { persistentVolumeClaim: { claimName: 'x' } }, { readOnly: true }, [readOnly]],
    ['/opt', { persistentVolumeClaim: { claimName: 'x', readOnly: true } }, {}, [readOnly]],
    ['/root', { nfs: { server: 's', path: '/', readOnly: true } }, {}, [readOnly]],
    ['/usr', { csi: { driver: 'd', readOnly: true } }, {}, [readOnly]],
    ['/etc//', { image: { reference: 'x' } }, {}, [readOnly]],
    ['/usr/local/bin', { configMap: { name: 'x' } }, {}, [files]],
    ['/usr/local', { secret: { secretName: 'x' } }, { readOnly: true }, [files]],
    ['/usr', { projected: { sources: [] } }, {}, [files]],
    ['/usr/local/bin', { downwardAPI: {} }, {}, [files]],
    ['/opt', { configMap: { name: 'x' } }, { readOnly: true }, []],
    ['/root', { secret: { secretName: 'x' } }, {}, []],
    ['/usr/local/bin', { emptyDir: {} }, {}, []],
    ['/root', { persistentVolumeClaim: { claimName: 'x' } }, {}, []],
    ['/data', { persistentVolumeClaim: { claimName: 'x', readOnly: true } }, {}, []],
  ])('B83: at %s of %j %j', (mountPath, source, mount, errors) => {
    const pod = gpuPod(
      { volumeMounts: [{ name: 'v', mountPath, ...mount }] },
      { volumes: [{ name: 'v', ...source }] },
    );
    const outcome = mutatePod(pod, policyOf());
    expect(outcome.ok ? [] : outcome.error.map(({ code, field }) => `${code} ${field}`)).toEqual(errors);
  });

  it('B83: only the nearest counts', () => {
    const volumeMounts = [
      { name: 'tools', mountPath: '/usr', readOnly: true },
      { name: 'bin', mountPath: '/usr/local/bin' },
    ];
    const volumes = [
      { name: 'tools', image: { reference: 'x' } },
      { name: 'bin', emptyDir: {} },
    ];
    expect(mutatePod(gpuPod({ volumeMounts }, { volumes }), policyOf()).ok).toBe(true);
  });
});
