import { join } from 'node:path';

import { run } from '../../harness/index.ts';
import { deployTools } from './deploy-tools.ts';

const repository = join(import.meta.dirname, '../../..');
const chart = 'deploy/helm/bwki';

/**
 * Packs the chart as the history of this clone has it first, into a folder that is there; gives the package's path. A
 * shallow clone has less of a history, and may have none but today's chart: it is said where that is so.
 */
export async function packFirstChart(directory: string): Promise<string> {
  // Whose clone it is does not matter here, only what is in it.
  const git = (...args: readonly string[]): Promise<string> =>
    run('git', ['-C', repository, '-c', 'safe.directory=*', ...args]);
  if ((await git('rev-parse', '--is-shallow-repository')).trim() !== 'false') {
    console.warn(
      'this clone is shallow: the earliest chart that it has is not the first; git fetch --unshallow',
    );
  }
  const added = await git('log', '--diff-filter=A', '--reverse', '--format=%H', '--', `${chart}/Chart.yaml`);
  const [first] = added.trim().split('\n');
  if (first === undefined || first === '') throw new Error(`the history has no ${chart}/Chart.yaml`);
  const archive = join(directory, 'first-chart.tar');
  await git('archive', `--output=${archive}`, first, chart);
  await run('tar', ['-xf', archive, '-C', directory]);
  await run(deployTools().helm, ['package', join(directory, chart), '--destination', directory]);
  return join(directory, 'bwki-0.1.0.tgz');
}
