/** `1.24`: a minor version of Kubernetes, from 1.17 on. */
export type KubeletVersion = `1.${number}`;

/** In what the kubelets differ towards a device plugin. */
export interface KubeletBehaviour {
  /** HTTP/2's `:authority` when the kubelet dials a plugin: the path of the socket, raw, or the word `localhost`. */
  readonly authority: 'socket-path' | 'localhost';
  /** Whether `Register` is answered at once, or only when the plugin was reached; a failure is then its answer. */
  readonly dialsBack: 'after-register' | 'inside-register';
  /** Whether the options are those of the `RegisterRequest`, or asked by `GetDevicePluginOptions` in the dial-back. */
  readonly options: 'from-register' | 'asked';
  /**
   * Whom the end of a list's stream disconnects: `itself`, which matters only while it is the newest; or the `newest`
   * plugin of the resource, whoever's stream it was; or `itself`, but with the others taking over: `each-socket`.
   */
  readonly streamEnd: 'itself' | 'newest' | 'each-socket';
  /** What is removed from the directory at the start, its checkpoint and folders apart. */
  readonly wipes: 'files' | 'sockets';
  /** Whether `GetPreferredAllocation` is known. */
  readonly asksPreferred: boolean;
  /** Whether a resource without a healthy device is told apart from one with too few. */
  readonly namesUnhealthy: boolean;
}

interface Change extends Partial<KubeletBehaviour> {
  /** The first minor version that has it. */
  readonly since: number;
}

const oldest: KubeletBehaviour = {
  authority: 'socket-path',
  dialsBack: 'after-register',
  options: 'from-register',
  streamEnd: 'itself',
  wipes: 'files',
  asksPreferred: false,
  namesUnhealthy: false,
};

/** Read in `pkg/kubelet/cm/devicemanager` of each minor version's tag; 1.24 and 1.37 are held against the programs. */
const changes: readonly Change[] = [
  { since: 19, asksPreferred: true },
  {
    since: 25,
    dialsBack: 'inside-register',
    options: 'asked',
    // kubernetes/kubernetes#121994
    streamEnd: 'newest',
    namesUnhealthy: true,
  },
  { since: 26, authority: 'localhost' },
  { since: 33, wipes: 'sockets' },
  { since: 37, streamEnd: 'each-socket' },
];

/** @throws RangeError on a version that is none, or is before 1.17 */
export function kubeletBehaviour(version: KubeletVersion): KubeletBehaviour {
  const minor = Number(/^1\.(\d+)$/.exec(version)?.[1] ?? Number.NaN);
  if (!(minor >= 17)) {
    throw new RangeError(`kubelet version ${JSON.stringify(version)}: must be 1.17 or later, such as 1.37`);
  }
  const behaviour = { ...oldest };
  for (const { since, ...change } of changes) if (minor >= since) Object.assign(behaviour, change);
  return behaviour;
}
