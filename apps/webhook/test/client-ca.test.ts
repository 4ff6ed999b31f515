import 'reflect-metadata';

import { webcrypto } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';

import * as x509 from '@peculiar/x509';
import { describe, expect, it } from 'vitest';

import { gpuPod, reviewOf } from './review.ts';
import { standalone } from './standalone.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { until } from './until.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const body = JSON.stringify(reviewOf(gpuPod()));

interface ClientAuthority {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** A CA, and a client certificate that it signed. */
async function clientAuthority(): Promise<ClientAuthority> {
  const [caKeys, keys] = await Promise.all(
    [0, 1].map(() => webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])),
  );
  if (caKeys === undefined || keys === undefined) throw new Error('no keys');
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=front-proxy',
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=kube-apiserver',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    ca: ca.toString('pem'),
    cert: certificate.toString('pem'),
    key: x509.PemConverter.encode(key, x509.PemConverter.PrivateKeyTag),
  };
}

/** The status of the answer to a review, or the code of the error. */
async function ask(url: string, client: Partial<ClientAuthority> = {}): Promise<number | string> {
  const { cert, key } = client;
  const sent = request(`${url}/mutate`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    rejectUnauthorized: false,
    agent: false,
    ...(cert !== undefined && { cert, key }),
  });
  sent.end(body);
  try {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response.resume().statusCode ?? 0;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

describe('B71: --clientCaFile', () => {
  it.each([false, true])(
    'B71: only clients with a certificate of that CA are answered; HTTP/2 offered: %s',
    async (http2) => {
      await using directory = await temporaryDirectory();
      const file = join(directory.path, 'client-ca.crt');
      const [ours, foreign] = await Promise.all([clientAuthority(), clientAuthority()]);
      await writeFile(file, ours.ca);
      await using webhook = await standalone({ clientCaFile: file, http2 });
      const { url, healthUrl } = webhook.webhook;
      expect(await ask(url, ours)).toBe(200);
      expect(await ask(url)).not.toBe(200);
      expect(await ask(url, foreign)).not.toBe(200);
      expect((await fetch(`${healthUrl}/readyz`)).status).toBe(200);
    },
  );

  it('B71: a changed CA is taken without a restart, a broken one is refused', async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'client-ca.crt');
    const [before, after] = await Promise.all([clientAuthority(), clientAuthority()]);
    await writeFile(file, before.ca);
    await using webhook = await standalone({ clientCaFile: file, pollMs: 20 });
    const { url } = webhook.webhook;
    await writeFile(file, after.ca);
    await until(() => webhook.lines().some(({ msg }) => msg === 'client CA loaded'));
    expect(await ask(url, after)).toBe(200);
    expect(await ask(url, before)).not.toBe(200);
    await writeFile(file, 'none');
    await until(() =>
      webhook.lines().some(({ msg }) => msg === 'client CA refused, the last good one stays'),
    );
    expect(await ask(url, after)).toBe(200);
  });

  it.each([
    ['no such file', undefined, /--clientCaFile: .*client-ca\.crt: cannot be read \(ENOENT\)/],
    ['no certificate', 'text', /holds no certificate in PEM/],
    ['half a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /cannot be read/],
  ])('B71: it does not start with %s', async (_, text, message) => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, 'client-ca.crt');
    if (text !== undefined) await writeFile(file, text);
    await expect(standalone({ clientCaFile: file })).rejects.toThrow(message);
  });
});
