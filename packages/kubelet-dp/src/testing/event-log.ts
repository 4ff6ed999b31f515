import type { KubeletEvent, KubeletEventKind, KubeletEventOf, KubeletHappening } from './kubelet-event.ts';

export interface WaitOptions {
  /** Milliseconds until it is given up. Default 5000. */
  readonly withinMs?: number;
}

export interface EventWaitOptions<K extends KubeletEventKind> extends WaitOptions {
  /** Looks only at events from this index on; `kubelet.events.length` is "from now". Default 0. */
  readonly after?: number;
  readonly where?: (event: KubeletEventOf<K>) => boolean;
}

/** The record of a fake kubelet, and the waits for what it will hold. */
export class EventLog {
  readonly events: KubeletEvent[] = [];
  readonly #now: () => number;
  readonly #watchers = new Set<() => void>();

  constructor(now: () => number) {
    this.#now = now;
  }

  record(happening: KubeletHappening): void {
    this.events.push({ ...happening, at: this.#now() });
    for (const look of this.#watchers) look();
  }

  async waitForEvent<K extends KubeletEventKind>(
    kind: K,
    options: EventWaitOptions<K> = {},
  ): Promise<KubeletEventOf<K>> {
    const { after = 0, where = () => true } = options;
    const isWanted = (event: KubeletEvent): event is KubeletEventOf<K> => event.kind === kind;
    const find = (): KubeletEventOf<K> | undefined => this.events.slice(after).filter(isWanted).find(where);
    return this.waitFor(find, () => `an event ${kind}`, options);
  }

  /** Resolves with what `look` finds at once or after some event. The error tells what came instead. */
  async waitFor<T>(
    look: () => T | undefined,
    what: () => string,
    { withinMs = 5000 }: WaitOptions = {},
  ): Promise<T> {
    const found = look();
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(again);
      };
      const again = (): void => {
        const value = look();
        if (value === undefined) return;
        end();
        resolve(value);
      };
      const timer = setTimeout(() => {
        end();
        const last = this.events.slice(-5).map((event) => JSON.stringify(event));
        const tail = last.length === 0 ? 'nothing has happened' : `the last events:\n${last.join('\n')}`;
        reject(new Error(`waited ${withinMs} ms in vain for ${what()}; ${tail}`));
      }, withinMs);
      this.#watchers.add(again);
    });
  }
}
