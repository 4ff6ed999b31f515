import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { auditPolicy } from './audit-log.ts';
import { createCertificateAuthority, type CertificateAndKey } from './certificate-authority.ts';
import { writeKubeconfig } from './kubeconfig.ts';

export interface ControlPlaneFiles {
  /** PEM */
  readonly ca: string;
  readonly adminKubeconfig: string;
  readonly controllerManagerKubeconfig: string;
}

/** Writes into `directory` all that the components read: certificates, keys, kubeconfigs, the audit policy. */
export async function writeControlPlaneFiles(directory: string, server: string): Promise<ControlPlaneFiles> {
  const file = (name: string): string => join(directory, name);
  const authority = await createCertificateAuthority();
  const [apiserver, controllerManager, admin, controllers] = await Promise.all([
    authority.issueServing(
      ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'],
      ['127.0.0.1', '10.96.0.1'],
    ),
    authority.issueServing(['localhost'], ['127.0.0.1']),
    authority.issueClient('admin', ['system:masters']),
    authority.issueClient('system:kube-controller-manager', []),
  ]);
  const kubeconfig = async (name: string, certificate: CertificateAndKey): Promise<string> => {
    const credentials = { kind: 'certificate', certificate } as const;
    await writeKubeconfig(file(name), { server, ca: authority.cert, credentials });
    return file(name);
  };
  const pair = async (name: string, { cert, key }: CertificateAndKey): Promise<void> => {
    await writeFile(file(`${name}.crt`), cert);
    await writeFile(file(`${name}.key`), key, { mode: 0o600 });
  };

  await writeFile(file('ca.crt'), authority.cert);
  await pair('apiserver', apiserver);
  await pair('controller-manager', controllerManager);
  await writeServiceAccountKeys(file('service-accounts.key'), file('service-accounts.pub'));
  await writeFile(file('audit-policy.yaml'), stringify(auditPolicy));
  return {
    ca: authority.cert,
    adminKubeconfig: await kubeconfig('admin.kubeconfig', admin),
    controllerManagerKubeconfig: await kubeconfig('controller-manager.kubeconfig', controllers),
  };
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
