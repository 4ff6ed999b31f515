/**
 * One run at a time for each key: who asks meanwhile gets the result of that run. A caller that stops waiting does not
 * end it for the others.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>();

  run(key: string, start: () => Promise<T>): Promise<T> {
    const current = this.#flights.get(key);
    if (current !== undefined) return current;
    const flight = start().finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  /** Resolves when no run is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#flights.values());
  }
}
