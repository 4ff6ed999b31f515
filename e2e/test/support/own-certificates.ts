import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';

import { objectNames } from '@bwki/webhook';

import type { ApiObject, ControlPlane } from '../../harness/index.ts';

/** What the secret of an installed webhook has, what API servers are told to trust, and what each replica serves. */
export interface OwnCertificates {
  /** Fingerprint of the certificate that replicas are to serve. */
  readonly current: string;
  readonly lifeSeconds: number;
  /** PEM, of each webhook. */
  readonly bundles: readonly string[];
  /** PEM of the CA that signed `current`. */
  readonly ca: string;
  /** Fingerprints, of each replica that answers. */
  readonly served: readonly string[];
}

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: objectNames.certificates, namespace: objectNames.namespace },
};
const configurations = [
  { kind: 'MutatingWebhookConfiguration', name: objectNames.mutatingConfiguration },
  { kind: 'ValidatingWebhookConfiguration', name: objectNames.validatingConfiguration },
].map(({ kind, name }) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name },
}));
/** Before its making, a certificate has an hour for clocks that run behind. */
const leewaySeconds = 3600;

export async function readOwnCertificates({ api }: ControlPlane): Promise<OwnCertificates> {
  const { data } = (await api.read(secret)) as ApiObject & { readonly data: Record<string, string> };
  const text = (key: string): string => fromBase64(data[key] ?? '');
  const current = new X509Certificate(text('tls.crt'));
  const read = await Promise.all(configurations.map((one) => api.read(one)));
  const bundles = read.flatMap(({ webhooks }) =>
    (webhooks as readonly { clientConfig: { caBundle?: string } }[]).map(({ clientConfig }) =>
      fromBase64(clientConfig.caBundle ?? ''),
    ),
  );
  return {
    current: current.fingerprint256,
    lifeSeconds: (Date.parse(current.validTo) - Date.parse(current.validFrom)) / 1000 - leewaySeconds,
    bundles,
    ca: text('ca.crt'),
    served: await servedBy(api),
  };
}

async function servedBy(api: ControlPlane['api']): Promise<readonly string[]> {
  const path = `/api/v1/namespaces/${objectNames.namespace}/pods?labelSelector=app%3Dbitfusion-webhook`;
  const { body } = await api.send('GET', path);
  const { items } = body as unknown as { items: readonly { status: { podIP?: string } }[] };
  const addresses = items.flatMap(({ status: { podIP } }) => podIP ?? []);
  const served = await Promise.all(addresses.map((address) => servedAt(address).catch(() => [])));
  return served.flat();
}

async function servedAt(host: string): Promise<readonly string[]> {
  const socket = connect({ host, port: 8443, rejectUnauthorized: false, timeout: 2000 });
  socket.once('timeout', () => socket.destroy(new Error(`${host} does not answer`)));
  try {
    await once(socket, 'secureConnect');
    return [socket.getPeerCertificate().fingerprint256];
  } finally {
    socket.destroy();
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString();
}
