import type { Policy } from '@bwki/pod-mutator';
import {
  createLog,
  standaloneOptions,
  startWebhook,
  webhookConfigurations,
  type TokenCopies,
  type Webhook,
} from '@bwki/webhook';

import { poll, type ApiObject, type ControlPlane } from '../../harness/index.ts';
import { examples } from './manifests.ts';

export interface WebhookOnCluster extends AsyncDisposable {
  readonly webhook: Webhook;
  /** JSON lines, as far as they have been written. */
  readonly log: readonly string[];
  /** What it mutates by from now on. */
  usePolicy(policy: Policy): void;
}

export interface WebhookOnClusterOptions {
  readonly policy: Policy;
  readonly tokenCopies?: TokenCopies;
}

/** The namespace whose pods the API server never sends: what is created there shows its defaults alone. */
export const untouchedNamespace = 'bwki';

/** Starts the webhook on loopback and registers it by its address; resolves when the API server calls it. */
export async function startWebhookOn(
  plane: ControlPlane,
  { policy, tokenCopies }: WebhookOnClusterOptions,
): Promise<WebhookOnCluster> {
  const log: string[] = [];
  let current = policy;
  const webhook = await startWebhook(
    { ...standaloneOptions, http2: true },
    {
      log: createLog('info', { write: (line) => log.push(line) }),
      policy: { current: () => current },
      tokenCopies,
    },
  );
  const registered = await registerWebhook(plane, webhook);
  await poll(() => isCalled(plane), { what: 'the API server to call the webhook', within: 10_000 });
  return {
    webhook,
    log,
    usePolicy: (next) => {
      current = next;
    },
    async [Symbol.asyncDispose]() {
      await registered[Symbol.asyncDispose]();
      await webhook[Symbol.asyncDispose]();
    },
  };
}

/** Tells the API server of a webhook by its address, until it is disposed of. It is called a moment later. */
export async function registerWebhook(
  { api }: ControlPlane,
  { url, caBundle }: { readonly url: string; readonly caBundle?: string },
): Promise<AsyncDisposable> {
  const { mutating, validating } = webhookConfigurations({
    address: { kind: 'url', url },
    caBundle,
    hasMatchConditions: true,
    namespace: untouchedNamespace,
  });
  const configurations = [mutating, validating].map((object) => object as unknown as ApiObject);
  for (const configuration of configurations) await api.create(configuration);
  return {
    async [Symbol.asyncDispose]() {
      for (const configuration of configurations) await api.remove(configuration);
    },
  };
}

/** Both webhooks: the one mutates, the other refuses units that nobody asked for. */
async function isCalled({ api }: ControlPlane): Promise<true | undefined> {
  const pod = (annotations: Record<string, string>, limits: Record<string, string>): ApiObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'is-called-', namespace: 'default', annotations },
    spec: { containers: [{ name: 'main', image: 'busybox', command: ['true'], resources: { limits } }] },
  });
  const asked = pod({ 'auto-management/bitfusion': 'all' }, { 'bitfusion.io/gpu-amount': '1' });
  const { body } = await api.create(asked, { dryRun: true });
  if (body.metadata.annotations?.['auto-management/status'] !== 'injected') return undefined;
  const byHand = pod({}, { 'bitfusion.io/gpu': '1' });
  const refused = await api.create(byHand, { dryRun: true }).then(
    () => false,
    () => true,
  );
  return refused ? true : undefined;
}

/** The policy that the examples are written for. */
export function examplePolicy(): Policy {
  const [first] = examples();
  if (first === undefined) throw new Error('there are no examples');
  return first.policy;
}
