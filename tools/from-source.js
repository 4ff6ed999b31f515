import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { URL, fileURLToPath } from 'node:url';

const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

/**
 * Runs a program of this clone from its TypeScript source, under the Node that `npm ci` installs: the machine's own
 * may be too old to run TypeScript. Nothing has to be built, and what was built earlier is not used.
 *
 * JavaScript, because the machine's Node reads this file: any version from 20 on.
 *
 * @param {URL} main
 * @returns {Promise<void>} when the program has ended; this process then ends the same way
 */
export async function runFromSource(main) {
  if (!existsSync(node)) {
    process.stderr.write('The dependencies of this clone are not installed: run `npm ci` in it first.\n');
    process.exitCode = 2;
    return;
  }
  const args = ['--conditions=@bwki/source', fileURLToPath(main), ...process.argv.slice(2)];
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
    process.on(signal, () => {
      // A terminal sends its interrupt to both, and a second one would cut the program's cleaning up short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status, signal) => {
      process.exitCode = status ?? 1;
      if (signal !== null) {
        process.removeAllListeners(signal);
        process.kill(process.pid, signal);
      }
      resolve(undefined);
    });
  });
}
