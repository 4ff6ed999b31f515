import { X509Certificate } from 'node:crypto';

import { type Log, StartFault } from '@bwki/daemon';
import { err, ok, type Result } from '@bwki/plain-data';

import { readTexts, watchFiles, type FileTexts } from '../watch-file.ts';

export interface ClientCaOptions {
  readonly file: string;
  readonly pollMs: number;
  readonly log: Log;
}

/** The CA that signs the certificates of clients. A change takes effect without a restart. */
export interface ClientCa extends Disposable {
  /** PEM, one certificate or more. */
  current(): string;
  /** The listener is called after each change; there is one at a time. */
  onChange(listener: () => void): void;
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * Reads the CA from a file, and again when the file changes. An unusable file is refused, and the last good CA stays.
 *
 * @throws StartFault if the file is unusable at the start
 */
export async function clientCaFile({ file, pollMs, log }: ClientCaOptions): Promise<ClientCa> {
  const paths = [file];
  const texts = await readTexts(paths);
  const first = readCa(texts, file);
  if (!first.ok) throw new StartFault([`--clientCaFile: ${first.error}`]);
  let current = first.value;
  let changed: (() => void) | undefined;
  const watch = watchFiles({
    paths,
    texts,
    intervalMs: pollMs,
    onChange: (next) => {
      const ca = readCa(next, file);
      if (ca.ok) {
        current = ca.value;
        log.info('client CA loaded');
        changed?.();
      } else log.error({ fault: ca.error }, 'client CA refused, the last good one stays');
    },
  });
  return {
    current: () => current,
    onChange: (listener) => {
      changed = listener;
    },
    [Symbol.dispose]: () => {
      watch[Symbol.dispose]();
    },
  };
}

function readCa([text]: FileTexts, file: string): Result<string, string> {
  if (typeof text !== 'string') return err(`${file}: cannot be read (${text?.code ?? 'unknown'})`);
  const blocks = text.match(pemBlock) ?? [];
  if (blocks.length === 0) return err(`${file}: holds no certificate in PEM`);
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    return err(`${file}: holds a certificate that cannot be read`);
  }
  return ok(blocks.join('\n'));
}
