export { nameOf, readManifests, type Manifest } from './manifest.ts';
export { chartDirectory, kustomizeDirectory, monitoringDirectory } from './paths.ts';
export { renderChart, type RenderOptions } from './render-chart.ts';
export { withoutHelm } from './without-helm.ts';
export { baseKubernetes, tkgiKubernetes, writtenFiles, type WrittenFile } from './written-files.ts';
