import { copyFileSync, existsSync, realpathSync, writeFileSync } from 'node:fs';

/** Where programs are looked for; tests hand nothing else of their own environment on. */
export const searchPath = '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/** The absolute path of a program, undefined where the machine has none of that name. */
export function findProgram(name: string): string | undefined {
  return searchPath
    .split(':')
    .map((directory) => `${directory}/${name}`)
    .find((path) => existsSync(path));
}

/** A POSIX shell of this machine, and the multi-call binary that the scripts get with it. */
export interface Shell {
  readonly name: string;
  /** What runs a script: the shell's path and its own arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Puts at `path` what the client image has as `busybox`. */
  installBusybox(path: string): void;
}

function busyboxShell(path: string): Shell {
  return {
    name: 'busybox sh',
    argv: [path, 'sh'],
    installBusybox: (target) => {
      copyFileSync(path, target);
    },
  };
}

/** A machine without busybox has its shell and its own tools behind the same interface: `busybox APPLET ARGUMENT…`. */
function plainShell(name: string, path: string): Shell {
  return {
    name,
    argv: [path],
    installBusybox: (target) => {
      const dispatch = `#!${path}\n[ "$1" != sh ] || { shift; exec ${path} "$@"; }\nexec "$@"\n`;
      writeFileSync(target, dispatch, { mode: 0o755 });
    },
  };
}

/** `sh` is a shell of its own only where it is none of the others by another name. */
function plainShells(): Shell[] {
  const seen = new Set<string>();
  return ['dash', 'bash', 'sh'].flatMap((name) => {
    const path = findProgram(name);
    if (path === undefined || seen.has(realpathSync(path))) return [];
    seen.add(realpathSync(path));
    return [plainShell(name, path)];
  });
}

function present(): Shell[] {
  const busybox = findProgram('busybox');
  return busybox === undefined ? plainShells() : [busyboxShell(busybox), ...plainShells()];
}

/** Every shell that this machine has of those that the scripts are written for. */
export const shells: readonly Shell[] = present();
