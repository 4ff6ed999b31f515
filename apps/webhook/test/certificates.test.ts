import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:tls';

import { StartFault } from '@bwki/daemon';
import { describe, expect, it } from 'vitest';

import { madeCertificate } from './made-certificate.ts';
import { gpuPod, reviewOf } from './review.ts';
import { standalone, type Standalone } from './standalone.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { until } from './until.ts';
import { WebhookClient } from './webhook-client.ts';

const body = JSON.stringify(reviewOf(gpuPod()));

/** The subject of the certificate that a new connection sees. */
async function served({ webhook }: Standalone): Promise<string> {
  const socket = connect({
    port: Number(new URL(webhook.url).port),
    host: '127.0.0.1',
    rejectUnauthorized: false,
  });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return String(subject.CN);
}

const one = await madeCertificate('one');
const another = await madeCertificate('another');

describe('B54: certificates', () => {
  it('B54: standalone makes one in memory, for this machine, that is trusted by its caBundle', async () => {
    await using ours = await standalone();
    expect((await ours.client.send('/mutate', body)).status).toBe(200);
    const certificate = new X509Certificate(ours.webhook.caBundle);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.ca).toBe(false);
    const { values } = await ours.metrics.certificateExpiry.get();
    expect(values[0]?.value).toBeCloseTo(Date.parse(certificate.validTo) / 1000, -1);
    const { values: starts } = await ours.metrics.certificateStart.get();
    expect(starts[0]?.value).toBeCloseTo(Date.parse(certificate.validFrom) / 1000, -1);
  });

  it('B54: files that change are served without a restart, and open connections go on', async () => {
    await using directory = await temporaryDirectory();
    const certFile = join(directory.path, 'tls.crt');
    const keyFile = join(directory.path, 'tls.key');
    const write = async ({ cert, key }: { cert: string; key: string }): Promise<void> => {
      await writeFile(certFile, cert);
      await writeFile(keyFile, key);
    };
    await write(await madeCertificate('first'));
    await using ours = await standalone({ certificate: { kind: 'files', certFile, keyFile }, pollMs: 20 });
    using client = new WebhookClient(ours.webhook, 1);
    expect((await client.send('/mutate', body)).status).toBe(200);
    expect(await served(ours)).toBe('first');

    const expiry = new Date(Date.now() + 7_200_000);
    const second = await madeCertificate('second', expiry);
    await write(second);
    await until(async () => (await served(ours)) === 'second');
    // It trusts the first alone, so this goes over the connection that it has.
    expect((await client.send('/mutate', body)).status).toBe(200);
    const { values } = await ours.metrics.certificateExpiry.get();
    expect(values[0]?.value).toBeCloseTo(expiry.getTime() / 1000, -1);
    const { values: starts } = await ours.metrics.certificateStart.get();
    expect(starts[0]?.value).toBe(Date.parse(new X509Certificate(second.cert).validFrom) / 1000);

    const faults = (): readonly unknown[] =>
      ours.lines().flatMap(({ fault }) => (fault === undefined ? [] : [fault]));
    await writeFile(keyFile, (await madeCertificate('third')).key);
    await until(() => faults().includes(`${keyFile}: is not the key of ${certFile}`));
    await write(await madeCertificate('expired', new Date(Date.now() - 3_600_000)));
    await until(() => faults().some((fault) => String(fault).includes('expired at')));
    expect(await served(ours)).toBe('second');
    await write(await madeCertificate('third'));
    await until(async () => (await served(ours)) === 'third');
  });

  const broken: readonly (readonly [string, string, string, RegExp])[] = [
    ['no PEM', 'x', 'x', /tls\.crt: holds no certificate/],
    ['no key', one.cert, 'x', /tls\.key: holds no private key/],
    ['the key of another', one.cert, another.key, /is not the key of/],
  ];
  it.each(broken)('B54: files with %s are a start that fails', async (_, cert, key, text) => {
    await using directory = await temporaryDirectory();
    const certFile = join(directory.path, 'tls.crt');
    const keyFile = join(directory.path, 'tls.key');
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
    const start = standalone({ certificate: { kind: 'files', certFile, keyFile } });
    await expect(start).rejects.toThrow(StartFault);
    await expect(start).rejects.toThrow(text);
  });

  it('B54: files that are not there, or expired, are a start that fails', async () => {
    await using directory = await temporaryDirectory();
    const certFile = join(directory.path, 'tls.crt');
    const keyFile = join(directory.path, 'tls.key');
    const start = (): Promise<unknown> => standalone({ certificate: { kind: 'files', certFile, keyFile } });
    await expect(start()).rejects.toThrow(/tls\.crt: cannot be read \(ENOENT\)/);
    const { cert, key } = await madeCertificate('x', new Date(Date.now() - 3_600_000));
    await writeFile(certFile, cert);
    await writeFile(keyFile, key);
    await expect(start()).rejects.toThrow(/tls\.crt: expired at /);
  });

  it('B54: a certificate that expires while it is served makes the webhook unready, and says so', async () => {
    let time = Date.now();
    await using ours = await standalone({}, { now: () => new Date(time) });
    const ready = async (): Promise<string> => (await fetch(`${ours.webhook.healthUrl}/readyz`)).text();
    expect(await ready()).toBe('ok\n');
    time += 366 * 24 * 3_600_000;
    expect(await ready()).toMatch(/^the certificate expired at /);
  });
});
