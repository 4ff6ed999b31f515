/** Something that goes wrong while a plugin registers. */
export type KubeletFault =
  /** `Register` fails with this message and the status `UNKNOWN`, as the kubelet's own refusals do. */
  | { readonly kind: 'refuse-register'; readonly message: string }
  /** `Register` is answered, be it with yes or no, so much later. */
  | { readonly kind: 'delay-register'; readonly milliseconds: number }
  /** `Register` succeeds, and the plugin is never dialled. */
  | { readonly kind: 'no-dial-back' }
  /** The plugin is dialled, but its options cannot be had. Only kubelets that ask for them, so from 1.25 on. */
  | { readonly kind: 'fail-options'; readonly message: string }
  /** The connection to the plugin breaks without a word when it has sent so many bytes, all of HTTP/2 counted. */
  | { readonly kind: 'cut-connection'; readonly afterBytes: number };

export interface FaultScope {
  /** Default: of any resource. */
  readonly resourceName?: string;
  /** How often it happens. Default: until it is disposed of. */
  readonly times?: number;
}

interface ActiveFault {
  readonly fault: KubeletFault;
  readonly resourceName: string | undefined;
  left: number;
}

/** The faults that are to happen, oldest first. */
export class FaultPlan {
  readonly #active = new Set<ActiveFault>();

  /** Holds until it is disposed of. */
  add(fault: KubeletFault, { resourceName, times = Number.POSITIVE_INFINITY }: FaultScope = {}): Disposable {
    const active = { fault, resourceName, left: times };
    this.#active.add(active);
    return { [Symbol.dispose]: () => void this.#active.delete(active) };
  }

  /** The fault of that kind that happens to the resource now, counted as happened. */
  take<K extends KubeletFault['kind']>(
    kind: K,
    resourceName: string,
  ): Extract<KubeletFault, { readonly kind: K }> | undefined {
    const isOfKind = (fault: KubeletFault): fault is Extract<KubeletFault, { readonly kind: K }> =>
      fault.kind === kind;
    for (const active of this.#active) {
      const { fault } = active;
      const isMeant = active.resourceName === undefined || active.resourceName === resourceName;
      if (!isMeant || active.left <= 0 || !isOfKind(fault)) continue;
      active.left -= 1;
      return fault;
    }
    return undefined;
  }
}
