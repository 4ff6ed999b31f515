import type { Io } from '../io.ts';

export interface Progress {
  /** Says what is being done now; shown only once the whole has taken a second. */
  readonly step: (text: string) => void;
  /** Takes the line away. */
  readonly done: () => void;
}

const patienceMs = 1000;

/** One line on stderr that overwrites itself, on a terminal only. */
export function progressOn(io: Pick<Io, 'stderr' | 'env' | 'now'>): Progress {
  if (!io.stderr.isTTY || io.env['TERM'] === 'dumb') {
    return { step: () => undefined, done: () => undefined };
  }
  const start = io.now();
  let shown = false;
  return {
    step(text) {
      if (io.now() - start < patienceMs) return;
      shown = true;
      io.stderr.write(`\r\u001B[K${text} …`);
    },
    done() {
      if (shown) io.stderr.write('\r\u001B[K');
      shown = false;
    },
  };
}
