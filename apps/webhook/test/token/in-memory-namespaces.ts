import { ok } from '@bwki/plain-data';

import type { ListWatch, ObjectEvent } from '../../src/cluster/list-watch.ts';
import {
  namespaceRecord,
  type NamespaceApi,
  type NamespaceRecord,
} from '../../src/namespaces/cluster-namespaces.ts';
import type { Labels, LabelSelector } from '../../src/namespaces/label-selector.ts';

/**
 * An API server's namespaces. One that nobody has put is made in the moment in which it is read, unless it is `missing`.
 * The watch sends every change, unless it `lags`.
 */
export class InMemoryNamespaces implements NamespaceApi {
  readonly missing = new Set<string>();
  readonly reads: string[] = [];
  lags = false;
  readonly #selector: LabelSelector;
  readonly #labels = new Map<string, Labels>();
  #version = 1;
  readonly #events: ObjectEvent<NamespaceRecord>[] = [];
  #wake: () => void = () => undefined;

  constructor(selector: LabelSelector) {
    this.#selector = selector;
  }

  readonly all: ListWatch<NamespaceRecord> = {
    list: () =>
      Promise.resolve(ok({ items: this.#items(), resourceVersion: String(this.#version), next: undefined })),
    watch: (resourceVersion, signal) => this.#watch(Number(resourceVersion), signal),
  };

  read(name: string): ReturnType<NamespaceApi['read']> {
    this.reads.push(name);
    if (this.missing.has(name)) return Promise.resolve(ok(undefined));
    if (!this.#labels.has(name)) this.put(name);
    return Promise.resolve(ok(this.#record(name)));
  }

  put(name: string, labels: Labels = {}): void {
    this.#version += 1;
    this.missing.delete(name);
    this.#labels.set(name, labels);
    if (!this.lags) this.#send({ type: 'put', object: this.#record(name) });
  }

  remove(name: string): void {
    this.#version += 1;
    this.missing.add(name);
    this.#labels.delete(name);
    this.#send({ type: 'removed', object: this.#record(name) });
  }

  #items(): NamespaceRecord[] {
    return Array.from(this.#labels.keys(), (name) => this.#record(name));
  }

  #record(name: string): NamespaceRecord {
    const labels = this.#labels.get(name) ?? {};
    return namespaceRecord(
      { metadata: { name, labels, resourceVersion: String(this.#version) } },
      this.#selector,
    );
  }

  #send(event: ObjectEvent<NamespaceRecord>): void {
    this.#events.push(event);
    this.#wake();
  }

  async *#watch(from: number, signal: AbortSignal): AsyncGenerator<ObjectEvent<NamespaceRecord>> {
    signal.addEventListener('abort', () => {
      this.#wake();
    });
    yield { type: 'open' };
    let next = 0;
    while (!signal.aborted) {
      const event = this.#events[next];
      if (event === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      next += 1;
      if (!('object' in event) || event.object.version > from) yield event;
    }
  }
}
