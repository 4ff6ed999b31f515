import type { Io } from '../io.ts';

export interface Progress {
  /** Says what is being done now; shown only once the whole has taken a second. */
  step(text: string): void;
  /** Takes the line away. */
  done(): void;
}

const patienceMs = 1000;

/** One line on stderr that overwrites itself, on a terminal only. `now` is a clock in milliseconds. */
export function progressOn(io: Pick<Io, 'stderr' | 'env'>, now: () => number): Progress {
  if (!io.stderr.isTTY || io.env['TERM'] === 'dumb') {
    return { step: () => undefined, done: () => undefined };
  }
  const start = now();
  let shown = false;
  return {
    step(text) {
      if (now() - start < patienceMs) return;
      shown = true;
      io.stderr.write(`\r\u001B[K${text} …`);
    },
    done() {
      if (shown) io.stderr.write('\r\u001B[K');
      shown = false;
    },
  };
}
