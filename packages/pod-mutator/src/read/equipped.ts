import type { ContainerLike, ContainerRef, PodSpecLike } from '@bwki/spec-parser';

import { clientVolume, homeSubPath } from '../layout.ts';

export interface PodContainer {
  readonly ref: ContainerRef;
  readonly container: ContainerLike;
}

/** Every container of a pod that can use a GPU: init containers first, in the order that Kubernetes starts them. */
export function podContainers({
  initContainers = [],
  containers = [],
}: PodSpecLike): readonly PodContainer[] {
  return [
    ...initContainers.map((container, index) => placed('initContainers', container, index)),
    ...containers.map((container, index) => placed('containers', container, index)),
  ];
}

function placed(list: ContainerRef['list'], container: ContainerLike, index: number): PodContainer {
  return { ref: { list, index, name: container.name ?? '' }, container };
}

/**
 * Whether an earlier mutation gave this container the client (B44). Seen from the one mount that every such
 * container has and no other may have: its own home directory. The status annotation is never trusted (B5).
 */
export function isEquipped(container: ContainerLike): boolean {
  const { name, volumeMounts = [] } = container;
  return (
    name !== undefined &&
    volumeMounts.some((mount) => mount.name === clientVolume && mount.subPath === homeSubPath(name))
  );
}
