import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A webhook in a process of its own. Disposing kills it. */
export interface ServerProcess extends AsyncDisposable {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** `http://127.0.0.1:PORT`; undefined where it has none. */
  readonly healthUrl: string | undefined;
  readonly pid: number;
  /** The last line that it wrote. */
  readonly lastLine: () => string;
  /** Ends it by a signal; gives its exit code, null where the signal was its end. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts a program of this repository; resolves with the first `"url"` that it writes. */
export async function startServer(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--conditions=@bwki/source', file, ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'close') as Promise<[number | null]>;
  const { promise, resolve, reject } = Promise.withResolvers<readonly [string, string | undefined]>();
  let last = '';
  // Read to the end, or the program would block.
  createInterface({ input: child.stdout }).on('line', (line) => {
    last = line;
    const found = /"url":"(https:[^"]+)"/.exec(line)?.[1];
    if (found !== undefined) resolve([found, /"healthUrl":"(http:[^"]+)"/.exec(line)?.[1]]);
  });
  void exited.then(() => {
    reject(new Error(`${file} ended before it served`));
  });
  const [url, healthUrl] = await promise;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return {
    url,
    healthUrl,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    lastLine: () => last,
    end,
    async [Symbol.asyncDispose]() {
      await end('SIGKILL');
    },
  };
}
