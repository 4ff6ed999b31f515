/** What the cluster's nodes advertise, from a summary that is refreshed in the background (B53). */
export interface ResourceOffers {
  /** Undefined as long as no node has been read. */
  offers(resource: string): OfferState | undefined;
}

/**
 * Whether some node offers a resource. `awaited`: none does, but the webhook has started, or the last node has ceased
 * to, only a short time ago; nodes that start offer nothing until their device plugin has registered.
 */
export type OfferState = 'offered' | 'awaited' | 'missing';
