import type { ContainerLike, PodSpecLike } from '@bwki/spec-parser';

/** Who a container runs as, as far as the pod says it: its own security context, else the pod's. */
export interface ContainerUser {
  /** Undefined where the image decides, which is not known here. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly nonRoot: boolean;
}

export function containerUser(container: ContainerLike, spec: PodSpecLike): ContainerUser {
  const own = container.securityContext;
  const pod = spec.securityContext;
  return {
    uid: own?.runAsUser ?? pod?.runAsUser,
    gid: own?.runAsGroup ?? pod?.runAsGroup,
    nonRoot: own?.runAsNonRoot ?? pod?.runAsNonRoot ?? false,
  };
}

/** Containers of one key share a populating step. */
export function userKey(user: ContainerUser): string {
  return `${user.uid ?? ''}:${user.gid ?? ''}:${user.nonRoot}`;
}

/**
 * The part of a step's security context that makes it run as that user. What the pod sets for all is inherited,
 * and is said again only where the container differs from it.
 */
export function userSecurityContext(
  user: ContainerUser,
  spec: PodSpecLike,
): { runAsUser?: number; runAsGroup?: number; runAsNonRoot?: boolean } {
  const pod = spec.securityContext;
  const context: { runAsUser?: number; runAsGroup?: number; runAsNonRoot?: boolean } = {};
  if (user.uid !== undefined && user.uid !== pod?.runAsUser) context.runAsUser = user.uid;
  if (user.gid !== undefined && user.gid !== pod?.runAsGroup) context.runAsGroup = user.gid;
  if (user.nonRoot !== (pod?.runAsNonRoot ?? false)) context.runAsNonRoot = user.nonRoot;
  return context;
}

/**
 * The mode of the files that the client writes (B40): for their owner where the user is known, for the pod's group
 * where there is one, else for whoever the image turns out to run as; only that container mounts them.
 */
export function homeFileMode(user: ContainerUser, spec: PodSpecLike): string {
  if (user.uid !== undefined) return '0600';
  return spec.securityContext?.fsGroup === undefined ? '0666' : '0660';
}
