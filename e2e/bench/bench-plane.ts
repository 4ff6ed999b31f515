import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  createCertificateAuthority,
  provideTools,
  startControlPlane,
  type ControlPlane,
} from '../harness/index.ts';
import { readSettings } from '../runner/settings.ts';

/** A control plane without controllers, and a certificate for webhooks on loopback. */
export interface BenchPlane extends AsyncDisposable {
  readonly plane: ControlPlane;
  readonly directory: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Base64 of PEM, for a webhook configuration. */
  readonly caBundle: string;
}

export const webhookMain: string = join(import.meta.dirname, '../../apps/webhook/src/main.ts');

/** Kubernetes is built first where the cache has none. */
export async function startBenchPlane(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<BenchPlane> {
  const settings = readSettings([], { HOME: homedir(), ...environment });
  const tools = await provideTools(['control-plane-1.37'], { ...settings, environment, log: console.log });
  await using started = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'bwki-bench-'));
  started.defer(() => rm(directory, { recursive: true, force: true }));
  const plane = started.use(await startControlPlane({ tools, workDirectory: directory, controllers: false }));
  const authority = await createCertificateAuthority();
  const { cert, key } = await authority.issueServing(['localhost'], ['127.0.0.1']);
  const [certFile, keyFile] = [join(directory, 'tls.crt'), join(directory, 'tls.key')];
  await writeFile(certFile, cert);
  await writeFile(keyFile, key, { mode: 0o600 });
  const ended = started.move();
  return {
    plane,
    directory,
    certFile,
    keyFile,
    caBundle: Buffer.from(authority.cert).toString('base64'),
    [Symbol.asyncDispose]: () => ended.disposeAsync(),
  };
}
