import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { yaml, type Manifest } from './manifest.ts';
import { chartDirectory, kustomizeDirectory, monitoringDirectory } from './paths.ts';
import { renderChart } from './render-chart.ts';
import { withoutHelm } from './without-helm.ts';

/** A file that is written from the chart or for it, and not by hand. */
export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** What the base is for: from here on all later versions get the same objects. */
export const baseKubernetes = '1.28';
/** The first one with ValidatingAdmissionPolicies that are stable. */
export const fenceKubernetes = '1.30';
/** The last one with PodSecurityPolicies. */
export const tkgiKubernetes = '1.24';

/** @param helm path of the program */
export async function writtenFiles(helm: string): Promise<readonly WrittenFile[]> {
  const base = await renderChart({ helm, kubernetes: baseKubernetes });
  const tkgi = await renderChart({
    helm,
    kubernetes: tkgiKubernetes,
    valuesFiles: [join(chartDirectory, 'values-tkgi.yaml')],
  });
  const certManager = await renderChart({
    helm,
    kubernetes: baseKubernetes,
    values: { certManager: { enabled: true } },
  });
  const fenced = await renderChart({ helm, kubernetes: fenceKubernetes });
  const isOfPolicies = ({ kind, metadata: { name } }: Manifest): boolean =>
    kind === 'PodSecurityPolicy' || name.endsWith('-pod-security-policy');
  const kustomize = (path: string): string => join(kustomizeDirectory, path);
  return [
    { path: kustomize('base/bwki.yaml'), text: textOf(base) },
    {
      path: kustomize('components/fence/fence.yaml'),
      text: textOf(fenced.filter(({ kind }) => kind.startsWith('ValidatingAdmissionPolicy'))),
    },
    {
      path: kustomize('overlays/tkgi/pod-security-policies.yaml'),
      text: textOf(tkgi.filter(isOfPolicies)),
    },
    {
      path: kustomize('overlays/cert-manager/certificates.yaml'),
      text: textOf(certManager.filter(({ apiVersion }) => apiVersion.startsWith('cert-manager.io/'))),
    },
    ...(await filesOfChart()),
  ];
}

/** A chart can read nothing outside of its own directory. */
export async function filesOfChart(): Promise<readonly WrittenFile[]> {
  return Promise.all(
    ['alerts.yaml', 'dashboard.json'].map(async (name) => ({
      path: join(chartDirectory, 'files', name),
      text: await readFile(join(monitoringDirectory, name), 'utf8'),
    })),
  );
}

function textOf(manifests: readonly Manifest[]): string {
  const documents = manifests.map((manifest) => stringify(withoutHelm(manifest), { ...yaml, lineWidth: 0 }));
  return `# Written by make manifests from the chart: change that.\n${documents.join('---\n')}`;
}
