import type { ContainerLike, VolumeMountLike } from './pod.ts';

/**
 * What an injected pod is recognised by: its volumes, its populate container and each container's own home. The rest
 * of its layout is `@bwki/pod-mutator`'s.
 */

/** The emptyDir that holds the client package, the launcher and a home for each container. */
export const clientVolume = 'bwki-client';

/** The projected volume that holds the access token. */
export const tokenVolume = 'bwki-token';

/** The first populate container; the next ones, one for each further user, get `-2`, `-3` … */
export const populateName = 'bwki-populate';

const populateSuffix = /^(?:-[0-9]+)?$/;

/** The home of one container inside `bwki-client`: no other container mounts it. */
export function homeSubPath(container: string): string {
  return ['home', container].join('-');
}

/** `bwki-populate`, `bwki-populate-2` … */
export function isPopulateName(name: string | undefined): boolean {
  return name?.startsWith(populateName) === true && populateSuffix.test(name.slice(populateName.length));
}

/**
 * The mount by which a container shows that an earlier mutation injected the client into it: its own home, which every
 * such container has and no other may have. The status annotation is never trusted.
 */
export function homeMountOf({ name, volumeMounts }: ContainerLike): VolumeMountLike | undefined {
  if (name === undefined || volumeMounts === undefined) return undefined;
  return volumeMounts.find((mount) => mount.name === clientVolume && mount.subPath === homeSubPath(name));
}

/** Whether a container mounts the volume of this name. */
export function mountsVolume({ volumeMounts = [] }: ContainerLike, volume: string): boolean {
  return volumeMounts.some(({ name }) => name === volume);
}
