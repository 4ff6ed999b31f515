import { err, ok, type Result } from '@bwki/plain-data';

import type { ApiFailure } from '../../src/cluster/api-failure.ts';
import type { ListWatch, ObjectEvent } from '../../src/cluster/list-watch.ts';
import type { Secret, SecretApi } from '../../src/token/secret-api.ts';

export type Verb = 'list' | 'watch' | 'read' | 'create' | 'update';

export interface Call {
  readonly verb: Verb;
  readonly namespace?: string | undefined;
}

export function failure(status: number, reason = '', more: Partial<ApiFailure> = {}): ApiFailure {
  return { status, reason, causes: [], quota: '', retryAfterMs: undefined, ...more };
}

/** An API server's secrets: resource versions, conflicts, watches with a history that can be forgotten. */
export class InMemorySecrets implements SecretApi {
  readonly calls: Call[] = [];
  /** Called before each call; what it gives is the answer. May do something in between, such as another's write. */
  intercept: (call: Call) => ApiFailure | undefined | Promise<ApiFailure | undefined> = () => undefined;
  readonly #secrets = new Map<string, Secret>();
  readonly #history: { readonly version: number; readonly event: ObjectEvent<Secret> }[] = [];
  readonly #watchers = new Set<() => void>();
  #version = 1;
  #forgotten = 0;
  #cut = 0;

  count(verb: Verb): number {
    return this.calls.filter((call) => call.verb === verb).length;
  }

  get(namespace: string, name = 'bitfusion-secret'): Secret | undefined {
    return this.#secrets.get(`${namespace}/${name}`);
  }

  /** Somebody's write, whatever was there before. */
  put(secret: Secret): Secret {
    this.#version += 1;
    const { name, namespace } = secret.metadata;
    const stored = {
      ...secret,
      metadata: { ...secret.metadata, resourceVersion: String(this.#version) },
    };
    this.#secrets.set(`${namespace}/${name}`, stored);
    this.#tell({ type: 'put', object: stored });
    return stored;
  }

  remove(namespace: string, name = 'bitfusion-secret'): void {
    const secret = this.get(namespace, name);
    if (secret === undefined) return;
    this.#version += 1;
    this.#secrets.delete(`${namespace}/${name}`);
    const metadata = { ...secret.metadata, resourceVersion: String(this.#version) };
    this.#tell({ type: 'removed', object: { ...secret, metadata } });
  }

  bookmark(): void {
    this.#tell({ type: 'bookmark', resourceVersion: String(this.#version) });
  }

  /** Ends every watch. */
  cutWatches(): void {
    this.#cut += 1;
    this.#wake();
  }

  /** No watch can start from what was up to now. */
  forget(): void {
    this.#version += 1;
    this.#forgotten = this.#version;
  }

  named(name: string): ListWatch<Secret> {
    return {
      list: () => this.#list(name),
      watch: (resourceVersion, signal) => this.#watch(name, resourceVersion, signal),
    };
  }

  async #list(name: string): ReturnType<ListWatch<Secret>['list']> {
    const failed = await this.#call({ verb: 'list' });
    if (failed !== undefined) return err(failed);
    const items = [...this.#secrets.values()].filter(({ metadata }) => metadata.name === name);
    return ok({ items, resourceVersion: String(this.#version), next: undefined });
  }

  async *#watch(
    name: string,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncGenerator<ObjectEvent<Secret>> {
    const failed = await this.#call({ verb: 'watch' });
    if (failed !== undefined) {
      yield { type: 'failed', failure: failed };
      return;
    }
    if (Number(resourceVersion) < this.#forgotten) {
      yield { type: 'failed', failure: failure(410, 'Expired') };
      return;
    }
    yield { type: 'open' };
    const cut = this.#cut;
    let next = this.#history.findIndex(({ version }) => version > Number(resourceVersion));
    if (next < 0) next = this.#history.length;
    while (!signal.aborted && this.#cut === cut) {
      const told = this.#history[next];
      if (told !== undefined) {
        next += 1;
        const { event } = told;
        if (!('object' in event) || event.object.metadata.name === name) yield event;
      } else {
        await this.#news(signal);
      }
    }
  }

  async read(namespace: string, name: string): ReturnType<SecretApi['read']> {
    const failed = await this.#call({ verb: 'read', namespace });
    return failed === undefined ? ok(this.get(namespace, name)) : err(failed);
  }

  async create(secret: Secret): Promise<Result<Secret, ApiFailure>> {
    const { name, namespace } = secret.metadata;
    const failed = await this.#call({ verb: 'create', namespace });
    if (failed !== undefined) return err(failed);
    if (this.get(namespace, name) !== undefined) return err(failure(409, 'AlreadyExists'));
    return ok(this.put(secret));
  }

  async update(secret: Secret): Promise<Result<Secret, ApiFailure>> {
    const { name, namespace, resourceVersion } = secret.metadata;
    const failed = await this.#call({ verb: 'update', namespace });
    if (failed !== undefined) return err(failed);
    const stored = this.get(namespace, name);
    if (stored === undefined) return err(failure(404, 'NotFound'));
    if (stored.metadata.resourceVersion !== resourceVersion) return err(failure(409, 'Conflict'));
    return ok(this.put(secret));
  }

  async #call(call: Call): Promise<ApiFailure | undefined> {
    this.calls.push(call);
    return this.intercept(call);
  }

  #tell(event: ObjectEvent<Secret>): void {
    this.#history.push({ version: this.#version, event });
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#watchers) wake();
    this.#watchers.clear();
  }

  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.add(resolve);
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
  }
}
