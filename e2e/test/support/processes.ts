import { readdir, readFile } from 'node:fs/promises';

/** The processes that name `text` on their command line: the components name their control plane's directory. */
export async function processesWith(text: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return commandLine.includes(text) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}
