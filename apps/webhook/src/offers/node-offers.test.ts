import { setImmediate as turn } from 'node:timers/promises';

import { createLog } from '@bwki/daemon';
import { ok } from '@bwki/plain-data';
import { describe, expect, it } from 'vitest';

import type { ObjectEvent } from '../cluster/list-watch.ts';
import { createMetrics } from '../metrics.ts';
import { offerOf, type NodeOffer } from './cluster-nodes.ts';
import type { OfferState } from '../admission/resource-offers.ts';
import { NodeOffers } from './node-offers.ts';

const resource = 'bitfusion.io/gpu';
const graceMs = 1000;

const node = (name: string, capacity: Record<string, string>): NodeOffer =>
  offerOf({ metadata: { name, resourceVersion: '1' }, status: { capacity } }, resource);
const offering = (name: string): NodeOffer => node(name, { [resource]: '1000' });
const bare = (name: string): NodeOffer => node(name, { cpu: '8' });

/** Nodes as pages of a list and then as events, with a clock that is turned by hand. */
class Nodes implements AsyncDisposable {
  readonly log: string[] = [];
  readonly metrics = createMetrics();
  readonly offers: NodeOffers;
  now = 0;
  readonly #events: ObjectEvent<NodeOffer>[] = [];
  readonly #started = Promise.withResolvers<undefined>();
  #wake: () => void = () => undefined;

  constructor(pages: readonly (readonly NodeOffer[])[]) {
    this.offers = new NodeOffers({
      resource,
      graceMs,
      log: createLog('info', { write: (line) => void this.log.push(line) }),
      metrics: this.metrics,
      clock: { now: () => this.now, sleep: () => turn(undefined), random: () => 0 },
      nodes: {
        list: async (from = '0') => {
          await this.#started.promise;
          const next = Number(from) + 1;
          return ok({
            items: pages[Number(from)] ?? [],
            resourceVersion: '1',
            next: next < pages.length ? String(next) : undefined,
          });
        },
        watch: (_version, signal) => this.#watch(signal),
      },
    });
  }

  get answer(): OfferState | undefined {
    return this.offers.offers(resource);
  }

  async start(): Promise<void> {
    this.#started.resolve(undefined);
    await turn();
  }

  async tell(event: ObjectEvent<NodeOffer>): Promise<void> {
    this.#events.push(event);
    this.#wake();
    await turn();
  }

  async offeringNodes(): Promise<number | undefined> {
    return (await this.metrics.offeringNodes.get()).values[0]?.value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#started.resolve(undefined);
    await this.offers[Symbol.asyncDispose]();
  }

  async *#watch(signal: AbortSignal): AsyncGenerator<ObjectEvent<NodeOffer>> {
    while (!signal.aborted) {
      const event = this.#events.shift();
      if (event !== undefined) yield event;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          signal.addEventListener('abort', () => {
            resolve();
          });
        });
      }
    }
  }
}

describe('B53: what the nodes offer', () => {
  it('is unknown until the nodes have been listed', async () => {
    await using nodes = new Nodes([[offering('a')]]);
    expect(nodes.answer).toBeUndefined();
    expect(await nodes.offeringNodes()).toBeUndefined();
    await nodes.start();
    expect(nodes.answer).toBe('offered');
    expect(await nodes.offeringNodes()).toBe(1);
  });

  it('is unknown of any other resource', async () => {
    await using nodes = new Nodes([[offering('a')]]);
    await nodes.start();
    expect(nodes.offers.offers('example.com/fpga')).toBeUndefined();
  });

  it('B77: is awaited from the start of the process on, and missing only after the grace', async () => {
    await using nodes = new Nodes([[bare('a'), bare('b')]]);
    nodes.now += graceMs / 2;
    await nodes.start();
    expect(nodes.answer).toBe('awaited');
    nodes.now += graceMs / 2 - 1;
    expect(nodes.answer).toBe('awaited');
    nodes.now += 1;
    expect(nodes.answer).toBe('missing');
    expect(nodes.log.join('')).toContain('no node offers the resource');
  });

  it('takes every page of the list', async () => {
    await using nodes = new Nodes([[bare('a')], [bare('b')], [offering('c'), offering('d')]]);
    await nodes.start();
    expect(await nodes.offeringNodes()).toBe(2);
  });

  it('follows nodes that come, go, and gain or lose the resource', async () => {
    await using nodes = new Nodes([[bare('a')]]);
    await nodes.start();
    await nodes.tell({ type: 'put', object: offering('a') });
    expect(nodes.answer).toBe('offered');
    await nodes.tell({ type: 'put', object: offering('b') });
    await nodes.tell({ type: 'put', object: bare('a') });
    expect(nodes.answer).toBe('offered');
    expect(await nodes.offeringNodes()).toBe(1);
    await nodes.tell({ type: 'removed', object: offering('b') });
    nodes.now += graceMs;
    expect(nodes.answer).toBe('missing');
    expect(nodes.log.filter((line) => line.includes('no node offers'))).toHaveLength(2);
  });

  it('B77: is awaited for the grace after the last node ceased to offer it, again after the next', async () => {
    await using nodes = new Nodes([[offering('a')]]);
    await nodes.start();
    await nodes.tell({ type: 'put', object: node('a', { [resource]: '0' }) });
    nodes.now += graceMs - 1;
    expect(nodes.answer).toBe('awaited');
    nodes.now += 1;
    expect(nodes.answer).toBe('missing');
    await nodes.tell({ type: 'put', object: offering('a') });
    await nodes.tell({ type: 'removed', object: offering('a') });
    expect(nodes.answer).toBe('awaited');
  });

  it('survives a watch that fails: what is known stays, and is listed anew', async () => {
    await using nodes = new Nodes([[offering('a')]]);
    await nodes.start();
    await nodes.tell({ type: 'put', object: offering('b') });
    const failure = { status: 410, reason: 'Expired', causes: [], quota: '', retryAfterMs: undefined };
    await nodes.tell({ type: 'failed', failure });
    expect(nodes.answer).toBe('offered');
  });
});

describe('B53: whether a node offers the resource', () => {
  it.each([
    ['1000', true],
    ['1k', true],
    ['0', false],
    ['-1', false],
    ['many', false],
  ])('capacity %s: %s', (amount, isOffering) => {
    expect(node('a', { [resource]: amount }).isOffering).toBe(isOffering);
  });

  it('a node without a status offers nothing', () => {
    expect(offerOf({ metadata: { name: 'a' } }, resource)).toEqual({
      name: 'a',
      isOffering: false,
      metadata: {},
    });
  });
});
