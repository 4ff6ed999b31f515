/** What the cluster's nodes advertise, from a summary that is refreshed in the background (B53). */
export interface ResourceOffers {
  /** Whether some node offers the resource; undefined as long as no node has been read. */
  offers(resource: string): boolean | undefined;
}
