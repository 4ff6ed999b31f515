/** The units of a pod's containers, in the order in which the pod lists them. */
export interface PodUnits {
  readonly initContainers: readonly InitContainerUnits[];
  readonly containers: readonly ContainerUnits[];
}

export interface ContainerUnits {
  readonly units: bigint;
}

export interface InitContainerUnits extends ContainerUnits {
  /** A native sidecar: an init container with `restartPolicy: Always`, which runs on beside all that follow it. */
  readonly sidecar: boolean;
}

/**
 * The units a pod takes at its peak, by Kubernetes' rule (B22, "Resource sharing within containers" in
 * https://kubernetes.io/docs/concepts/workloads/pods/init-containers/): init containers run one after the other, each
 * beside the sidecars started before it; then the containers run all at once, beside all sidecars.
 */
export function podUnits(pod: PodUnits): bigint {
  let sidecars = 0n;
  let peak = 0n;
  for (const { units, sidecar } of pod.initContainers) {
    const running = sidecars + units;
    if (running > peak) peak = running;
    if (sidecar) sidecars = running;
  }
  const last = pod.containers.reduce((sum, { units }) => sum + units, sidecars);
  return last > peak ? last : peak;
}
