import { runProgram } from './run-program.ts';

/** What git says of the sources. */
export interface SourceState {
  /** The commit, with `-dirty` where files differ from it; empty outside of a repository. */
  readonly revision: string;
  /** When it was committed, in seconds; 0 outside of a repository. */
  readonly epoch: number;
  /** The web address of the repository; empty where it has none. */
  readonly url: string;
}

export async function sourceState(workspace: string): Promise<SourceState> {
  const git = async (...args: string[]): Promise<string> =>
    (await runProgram('git', ['-C', workspace, ...args])).stdout.trim();
  const commit = await git('rev-parse', 'HEAD');
  const isDirty = (await git('status', '--porcelain', '--untracked-files=no')) !== '';
  return {
    revision: commit !== '' && isDirty ? `${commit}-dirty` : commit,
    epoch: Number(await git('log', '-1', '--format=%ct')),
    url: webAddress(await git('remote', 'get-url', 'origin')),
  };
}

/** Without what may be in it of a password. */
function webAddress(remote: string): string {
  if (!URL.canParse(remote)) return '';
  const url = new URL(remote);
  return url.protocol === 'https:' ? `https://${url.host}${url.pathname}` : '';
}
