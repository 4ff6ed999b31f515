import type { Manifest } from './manifest.ts';

const helmLabels = new Set(['app.kubernetes.io/managed-by', 'helm.sh/chart', 'app.kubernetes.io/instance']);

/** The object without what says that Helm looks after it. */
export function withoutHelm(manifest: Manifest): Manifest {
  const labels = Object.entries(manifest.metadata.labels ?? {}).filter(([key]) => !helmLabels.has(key));
  return { ...manifest, metadata: { ...manifest.metadata, labels: Object.fromEntries(labels) } };
}
