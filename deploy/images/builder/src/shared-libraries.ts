import { runProgram } from './run-program.ts';

/**
 * The absolute paths of the libraries and the loader that a program needs on this machine; none for a static one.
 *
 * @throws where one is missing, or `ldd` is
 */
export async function sharedLibraries(program: string): Promise<string[]> {
  const { ok, stdout, stderr } = await runProgram('ldd', [program]);
  if (/not a dynamic executable|statically linked/.test(stdout + stderr)) return [];
  const missing = stdout.split('\n').filter((line) => line.includes('=> not found'));
  if (!ok || missing.length > 0) {
    throw new Error(`ldd ${program}: ${[...missing, stderr].join(' ').trim()}; install what is missing`);
  }
  return stdout
    .split('\n')
    .map((line) => /(?:=>\s+|^\s+)(\/\S+) \(0x/.exec(line)?.[1])
    .filter((path) => path !== undefined);
}
