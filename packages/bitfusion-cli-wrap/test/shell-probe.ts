import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A place where shell text runs in bash and every command that is no builtin only tells how it was called. */
export class ShellProbe {
  readonly #directory = mkdtempSync(join(tmpdir(), 'shell-probe-'));

  constructor() {
    // Only `exec` and the like need real programs; bash hands every other unknown name to the handler below.
    for (const name of ['p', 'q']) {
      const script = `#!/bin/sh\nprintf '%s\\0' $(($# + 1)) ${name} "$@" >>"$RECORDS"\n`;
      writeFileSync(join(this.#directory, name), script, { mode: 0o755 });
    }
  }

  /** Runs `/bin/bash -c TEXT NAME ARG…` and gives the argv of every call, its command first. */
  run(text: string, name: string, args: readonly string[]): string[][] {
    const work = mkdtempSync(join(this.#directory, 'work-'));
    const records = join(work, 'records');
    writeFileSync(records, '');
    writeFileSync(join(work, 'E'), '');
    const env = {
      PATH: this.#directory,
      RECORDS: records,
      'BASH_FUNC_command_not_found_handle%%': `() { printf '%s\\0' $# "$@" >>"$RECORDS"; }`,
    };
    spawnSync('/bin/bash', ['-c', text, name, ...args], { cwd: work, env, stdio: 'ignore', timeout: 5_000 });
    return readRecords(readFileSync(records, 'utf8').split('\0').slice(0, -1));
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }
}

/** Each record is the number of its words, then the words. */
function readRecords(words: readonly string[]): string[][] {
  const records: string[][] = [];
  for (let at = 0; at < words.length; at += Number(words[at]) + 1) {
    records.push(words.slice(at + 1, at + 1 + Number(words[at])));
  }
  return records;
}
