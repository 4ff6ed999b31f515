import { join } from 'node:path';

const deploy = join(import.meta.dirname, '../..');

export const chartDirectory: string = join(deploy, 'helm/bwki');
export const kustomizeDirectory: string = join(deploy, 'kustomize');
export const monitoringDirectory: string = join(deploy, 'monitoring');
