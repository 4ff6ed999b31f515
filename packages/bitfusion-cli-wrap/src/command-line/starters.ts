/** A program that starts another one, and how the other one is found among its words. */
export interface Starter {
  /** Letters of short options that have a value: the rest of the word, or else the next word. */
  readonly letters?: string;
  /** Letters of short options whose value, if there is one, is the rest of the word. */
  readonly attached?: string;
  /** Long options whose value may be the next word. */
  readonly long?: readonly string[];
  /** Options with which it starts nothing (`command -v`). */
  readonly inert?: readonly string[];
  /** Words between the options and the command (`timeout 5 …`). */
  readonly operands?: number;
  /** Options whose value is shell text, as of `-c`, wherever they stand. */
  readonly text?: readonly string[];
  /** Options whose value is split into words that come before the others (`env -S`). */
  readonly split?: readonly string[];
  /**
   * What stands behind options and operands.
   *
   * - `command`, the default: the command's words.
   * - `joined`: words that are joined by blanks into shell text (`eval`, `watch`).
   * - `trap`: one word of shell text.
   * - `nothing`: only a value of `text` is run.
   *
   * Where options are too many to know, or the program's own words come first:
   *
   * - `anywhere`: the first word that is the client, or a shell with a text.
   * - `actions`: `-exec` and its like, each with a command up to `;` or `+` (`find`).
   * - `entrypoint`: the value of `-entrypoint`, then what is behind `--` (Tekton).
   */
  readonly then?: 'command' | 'joined' | 'trap' | 'nothing' | 'anywhere' | 'actions' | 'entrypoint';
}

const anywhere: Starter = { then: 'anywhere' };

const su: Starter = {
  letters: 'wgGscu',
  long: ['--whitelist-environment', '--group', '--supp-group', '--shell', '--user'],
  text: ['-c', '--command', '--session-command'],
  then: 'nothing',
};

/** Of coreutils, util-linux, findutils and bash, as their manuals have it (Debian 12). */
const ofTheSystem: Readonly<Record<string, Starter>> = {
  exec: { letters: 'a' },
  command: { inert: ['-v', '-V'] },
  builtin: {},
  eval: { then: 'joined' },
  trap: { inert: ['-l', '-p', '-P'], then: 'trap' },
  env: {
    letters: 'uCS',
    long: ['--unset', '--chdir', '--split-string'],
    split: ['-S', '--split-string'],
  },
  nohup: {},
  time: { letters: 'fo', long: ['--format', '--output'] },
  timeout: { letters: 'sk', long: ['--signal', '--kill-after'], operands: 1 },
  nice: { letters: 'n', long: ['--adjustment'] },
  ionice: {
    letters: 'cnpPu',
    long: ['--class', '--classdata', '--pid', '--pgid', '--uid'],
    inert: ['-p', '--pid', '-P', '--pgid', '-u', '--uid'],
  },
  chrt: {
    letters: 'TPD',
    long: ['--sched-runtime', '--sched-period', '--sched-deadline'],
    inert: ['-p', '--pid', '-m', '--max'],
    operands: 1,
  },
  setsid: {},
  stdbuf: { letters: 'ioe', long: ['--input', '--output', '--error'] },
  taskset: { inert: ['-p', '--pid'], operands: 1 },
  prlimit: {
    letters: 'po',
    long: ['--pid', '--output'],
    inert: ['-p', '--pid'],
    attached: 'cdefilmnqrstuvxy',
  },
  chroot: { long: ['--groups', '--userspec'], operands: 1 },
  unshare: {
    letters: 'RwSG',
    attached: 'muinpUCT',
    long: ['--map-user', '--map-group', '--map-users', '--map-groups', '--propagation', '--setgroups'].concat(
      ['--root', '--wd', '--setuid', '--setgid', '--monotonic', '--boottime'],
    ),
  },
  nsenter: {
    letters: 'tSGWZ',
    attached: 'muinpCUTrw',
    long: ['--target', '--setuid', '--setgid', '--wdns', '--follow-context'],
  },
  xargs: {
    letters: 'adEILnPs',
    attached: 'eil',
    long: ['--arg-file', '--delimiter', '--max-args', '--max-procs', '--max-chars', '--process-slot-var'],
  },
  flock: {
    letters: 'wE',
    long: ['--timeout', '--wait', '--conflict-exit-code'],
    operands: 1,
    text: ['-c', '--command'],
  },
  script: {
    letters: 'IOBTmEoc',
    attached: 't',
    long: [
      '--log-in',
      '--log-out',
      '--log-io',
      '--log-timing',
      '--logging-format',
      '--echo',
      '--output-limit',
    ],
    text: ['-c', '--command'],
    then: 'anywhere',
  },
  su,
  runuser: { ...su, then: 'anywhere' },
  sg: { ...su, then: 'anywhere' },
  setpriv: anywhere,
  find: { then: 'actions' },
  watch: { letters: 'nq', long: ['--interval', '--equexit'], attached: 'd', then: 'joined' },
  busybox: anywhere,
  setarch: anywhere,
  strace: anywhere,
};

/** What images and schedulers bring: options differ between versions, and the client's name does not. */
const ofOthers: readonly string[] = [
  // The first process of a container, and what puts itself before it.
  ...[
    'catatonit',
    'pid1',
    'dumb-init',
    'tini',
    'tini-static',
    's6-setuidgid',
    's6-env',
    'with-contenv',
    'multirun',
  ],
  ...[
    'docker-entrypoint.sh',
    'entrypoint.sh',
    'docker-entrypoint',
    'wait-for-it.sh',
    'wait-for-it',
    'wait-for',
  ],
  ...[
    'dockerize',
    'kubexit',
    'argoexec',
    'launcher',
    'vault-env',
    'secrets-init',
    'chamber',
    'envconsul',
    'berglas',
  ],
  ...['aws-vault', 'doppler', 'op', 'sops', 'direnv', 'dotenv'],
  // Other users, other roots, other limits.
  ...[
    'sudo',
    'doas',
    'gosu',
    'su-exec',
    'setuidgid',
    'chpst',
    'envdir',
    'envuidgid',
    'softlimit',
    'capsh',
    'runcon',
  ],
  ...[
    'fakeroot',
    'fakechroot',
    'proot',
    'bwrap',
    'firejail',
    'numactl',
    'cpulimit',
    'cgexec',
    'systemd-run',
    'daemonize',
  ],
  ...[
    'start-stop-daemon',
    'dbus-run-session',
    'xvfb-run',
    'unbuffer',
    'faketime',
    'setlock',
    'retry',
    'parallel',
    'entr',
  ],
  // Several processes, environments of a language, profilers.
  ...[
    'mpirun',
    'mpiexec',
    'mpiexec.hydra',
    'orterun',
    'prterun',
    'prun',
    'srun',
    'horovodrun',
    'torchrun',
    'deepspeed',
  ],
  ...[
    'accelerate',
    'conda',
    'mamba',
    'micromamba',
    'pixi',
    'poetry',
    'pipenv',
    'pdm',
    'hatch',
    'uv',
    'rye',
    'nix',
  ],
  ...[
    'npx',
    'npm',
    'ltrace',
    'valgrind',
    'nsys',
    'ncu',
    'nvprof',
    'perf',
    'gdb',
    'catchsegv',
    'py-spy',
    'memray',
  ],
];

/** By the last component of the program's path. To add one, add an entry and its line in the test's table. */
export const starters: ReadonlyMap<string, Starter> = new Map([
  ...ofOthers.map((name) => [name, anywhere] as const),
  ...Object.entries(ofTheSystem),
  ['entrypoint', { then: 'entrypoint' }] as const,
]);
