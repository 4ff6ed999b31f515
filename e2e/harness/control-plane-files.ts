import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { auditPolicy } from './audit-log.ts';
import {
  createCertificateAuthority,
  type CertificateAndKey,
  type CertificateAuthority,
} from './certificate-authority.ts';
import { writeKubeconfig } from './kubeconfig.ts';

export interface ControlPlaneFiles {
  readonly authority: CertificateAuthority;
  readonly adminKubeconfig: string;
  readonly controllerManagerKubeconfig: string;
  readonly schedulerKubeconfig: string;
}

/**
 * Writes into `directory` all that the components read: certificates, keys, kubeconfigs, the audit policy. `server` is
 * for the components, `addresses` are those of the API server beyond loopback.
 */
export async function writeControlPlaneFiles(
  directory: string,
  server: string,
  addresses: readonly string[],
): Promise<ControlPlaneFiles> {
  const file = (name: string): string => join(directory, name);
  const authority = await createCertificateAuthority();
  const [apiserver, controllerManager, admin, kubeletClient, controllers, scheduler] = await Promise.all([
    authority.issueServing(
      ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'],
      ['127.0.0.1', '10.96.0.1', ...addresses],
    ),
    authority.issueServing(['localhost'], ['127.0.0.1']),
    authority.issueClient('admin', ['system:masters']),
    // Kubernetes binds no role to what the API server asks kubelets for.
    authority.issueClient('kube-apiserver-kubelet-client', ['system:masters']),
    authority.issueClient('system:kube-controller-manager', []),
    authority.issueClient('system:kube-scheduler', []),
  ]);
  const kubeconfig = async (name: string, certificate: CertificateAndKey): Promise<string> => {
    const credentials = { kind: 'certificate', certificate } as const;
    await writeKubeconfig(file(name), { server, ca: authority.cert, credentials });
    return file(name);
  };
  await writeFile(file('ca.crt'), authority.cert);
  await writePair(file('apiserver'), apiserver);
  await writePair(file('controller-manager'), controllerManager);
  await writePair(file('kubelet-client'), kubeletClient);
  await writeServiceAccountKeys(file('service-accounts.key'), file('service-accounts.pub'));
  await writeFile(file('audit-policy.yaml'), stringify(auditPolicy));
  return {
    authority,
    adminKubeconfig: await kubeconfig('admin.kubeconfig', admin),
    controllerManagerKubeconfig: await kubeconfig('controller-manager.kubeconfig', controllers),
    schedulerKubeconfig: await kubeconfig('scheduler.kubeconfig', scheduler),
  };
}

/** `<stem>.crt` and `<stem>.key`. */
export async function writePair(stem: string, { cert, key }: CertificateAndKey): Promise<void> {
  await writeFile(`${stem}.crt`, cert);
  await writeFile(`${stem}.key`, key, { mode: 0o600 });
}

async function writeServiceAccountKeys(privateFile: string, publicFile: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await writeFile(privateFile, privateKey, { mode: 0o600 });
  await writeFile(publicFile, publicKey);
}
