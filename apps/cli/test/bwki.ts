import { run, type ExitCode } from '../src/index.ts';
import type { ProgramEnd } from '../src/io.ts';

/** The world of one call. */
export interface World {
  /** By path: a text, bytes, or null for a directory. */
  readonly files?: Readonly<Record<string, string | Uint8Array | null>>;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What kubectl answers, to these arguments. */
  readonly kubectl?: (args: readonly string[]) => ProgramEnd;
  readonly signal?: AbortSignal;
  /** Both outputs are a terminal. */
  readonly isTTY?: boolean;
}

export interface Called {
  readonly code: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a call injects, where it is not asked which image. */
export const injecting: readonly string[] = [
  'inject',
  '--client-image',
  'registry.example/bitfusion-client:1',
];

const noKubectl = (): ProgramEnd => ({ status: -1, stdout: '', stderr: 'spawn kubectl ENOENT' });

/** Calls `bwki` in this process, in a world of literals. */
export async function bwki(args: readonly string[], world: World = {}): Promise<Called> {
  const { files = {}, stdin = '', env = {}, isTTY = false, kubectl = noKubectl } = world;
  const { signal = new AbortController().signal } = world;
  const written = { stdout: '', stderr: '' };
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const code = await run(args, '0.1.0', {
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: () => Promise.resolve(Buffer.from(stdin)),
    readFile: (path) => {
      const file = files[path];
      if (file === null) return Promise.reject(systemError('EISDIR'));
      if (file === undefined) return Promise.reject(systemError('ENOENT'));
      return Promise.resolve(typeof file === 'string' ? Buffer.from(file) : file);
    },
    kubectl: (args) => Promise.resolve(kubectl(args)),
    env,
    now: () => 0,
    interruption: () => signal,
  });
  return { code, ...written };
}

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A pod that asks for half of a GPU; `lines` stand at its end. */
export function podText(name: string, lines: readonly string[] = []): string {
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    `  name: ${name}`,
    '  annotations:',
    '    auto-management/bitfusion: all',
    'spec:',
    '  containers:',
    '    - name: main',
    '      image: trainer',
    '      command: [python, train.py]',
    '      resources:',
    '        limits:',
    '          bitfusion.io/gpu-amount: 1',
    '          bitfusion.io/gpu-percent: 50',
    ...lines,
    '',
  ].join('\n');
}
