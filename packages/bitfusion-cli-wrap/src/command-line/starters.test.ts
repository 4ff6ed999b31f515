import { describe, expect, it } from 'vitest';
import type { ClientCall } from './client-call.ts';
import { readClientUse } from './client-use.ts';
import { starters } from './starters.ts';

const run = 'bitfusion run -n 4 -- x';

function amounts(calls: readonly ClientCall[] | undefined): readonly (string | undefined)[] {
  return (calls ?? []).map((call) => (call.kind === 'run' ? call.flags.amount?.text : call.kind));
}

const inText = (text: string): readonly (string | undefined)[] =>
  amounts(readClientUse({ command: ['bash', '-c', text] })?.calls);

/** Command lines that start the client, as the programs' manuals have them. `RUN` is a call, and `TEXT` one in quotes. */
const lines: readonly string[] = [
  'exec RUN',
  'exec -cl -a name RUN',
  'command -p RUN',
  'builtin command RUN',
  'eval TEXT',
  'eval "bitfusion run" -n 4 x',
  'trap TEXT EXIT',
  'trap -- TEXT EXIT INT',
  'env RUN',
  'env - A=1 RUN',
  'env -i -u A --unset B -C /x A=1 RUN',
  'env --chdir /x --ignore-environment RUN',
  'env -S TEXT',
  'env -vS TEXT',
  'env -S"bitfusion run" -n 4 x',
  'env --split-string=TEXT',
  'env --split "A=1 bitfusion run" -n 4 x',
  'nohup RUN',
  'time RUN',
  'time -p RUN',
  '/usr/bin/time -f %e -o out --append RUN',
  '/usr/bin/time --format %e RUN',
  'timeout 5 RUN',
  'timeout --foreground -k 5 -s TERM 1m RUN',
  'timeout -vk5 --signal KILL 1m RUN',
  'timeout --sig KILL 1m RUN',
  'nice RUN',
  'nice -n 5 RUN',
  'nice -n5 RUN',
  'nice -5 RUN',
  'nice --adjustment 5 RUN',
  'ionice -c 2 -n 7 RUN',
  'ionice -c2 -n7 -t RUN',
  'ionice --class idle --classdata 1 RUN',
  'chrt 10 RUN',
  'chrt -f 10 RUN',
  'chrt -d --sched-runtime 5 -T 1 -P 2 -D 3 0 RUN',
  'setsid -fw RUN',
  'setsid --wait RUN',
  'stdbuf -oL -e 0 --input 0 RUN',
  'taskset 0x3 RUN',
  'taskset -c 0-3 RUN',
  'taskset -ac 0 RUN',
  'prlimit --nofile=1024 RUN',
  'prlimit -n1024:2048 -c RUN',
  'chroot /host RUN',
  'chroot --userspec=a:b --groups 1 /host RUN',
  'unshare -m -n --map-user 0 -R /x RUN',
  'unshare --fork --pid=/p -S 0 -G 0 RUN',
  'nsenter -t 1 -m -u RUN',
  'nsenter --target 1 --all RUN',
  'ls | xargs RUN',
  'ls | xargs -n1 RUN',
  'ls | xargs -0 -I {} -P 4 RUN',
  "ls | xargs -rd '\\n' --max-args 1 RUN",
  'ls | xargs -i -l1 -e RUN',
  'ls | xargs sh -c TEXT',
  'flock /lock RUN',
  'flock -n -w 5 -E 3 /lock RUN',
  'flock --timeout 5 /lock -c TEXT',
  'flock -x /lock --command TEXT',
  'script -c TEXT /dev/null',
  'script -qec TEXT /dev/null',
  'script -q out --command=TEXT',
  'script out -- RUN',
  'su -c TEXT',
  'su app -c TEXT',
  'su - app -s /bin/sh -lc TEXT',
  'su -l app --command=TEXT',
  'su app --session-command TEXT',
  'runuser -u app RUN',
  'runuser -u app -- RUN',
  'runuser -l app -c TEXT',
  'sg video -c TEXT',
  'setpriv --reuid 1000 --clear-groups RUN',
  'find /data -name x -exec RUN ;',
  'find /data -execdir RUN {} +',
  'find /data -exec sh -c TEXT \\;',
  'watch -n 5 RUN',
  'watch --interval 5 -d TEXT',
  'busybox timeout 5 RUN',
  'busybox sh -c TEXT',
  'setarch x86_64 -R RUN',
  'strace -f -o out RUN',
  'numactl -N 0 RUN',
  'numactl --cpunodebind 0 -m 0 RUN',
  'numactl -C 0-3 --localalloc -- RUN',
  'sudo -u me -g us RUN',
  'sudo -Eu me A=1 RUN',
  'sudo -u me sh -c TEXT',
  'tini -s -- RUN',
  'tini -p SIGTERM -g -- RUN',
  'dumb-init -r 15:2 --single-child RUN',
  'catatonit -- RUN',
  'catatonit -P -- RUN',
  'gosu app RUN',
  'su-exec app:app RUN',
  'mpirun -np 2 RUN',
  'mpirun -np 2 -H a,b -x PATH --bind-to none RUN',
  'mpirun -np 2 bash -c TEXT',
  'conda run -n base RUN',
  'conda run --no-capture-output -p /env RUN',
  '/var/run/argo/argoexec emissary --loglevel info -- RUN',
  '/vault/vault-env RUN',
  '/tekton/bin/entrypoint -wait_file /x -post_file /y -entrypoint bitfusion -- run -n 4 -- x',
  '/tekton/bin/entrypoint --entrypoint=bitfusion -termination_path /t -- run -n 4 -- x',
  '/tekton/bin/entrypoint -entrypoint sh -- -c TEXT',
];

const written = (line: string): string => line.replace('RUN', run).replace('TEXT', `'${run}'`);

describe('programs that start others', () => {
  it.each(lines)('B79: %s', (line) => {
    const one = line === 'find /data -exec RUN ;' ? line.replace(';', '\\;') : line;
    expect(inText(written(one))).toEqual(['4']);
  });

  it('B79: each entry of the table starts the client, in a container’s own words', () => {
    const tried = lines.join('\n');
    for (const [name, starter] of starters) {
      if (starter.then === 'anywhere') {
        const command = [`/usr/bin/${name}`, '--some', 'option', '--', 'bitfusion', 'run', '-n', '4', 'x'];
        expect(amounts(readClientUse({ command })?.calls), name).toEqual(['4']);
      } else {
        expect(tried, name).toMatch(new RegExp(`(?:^|[ /])${name} `, 'm'));
      }
    }
  });

  it.each([
    'command -v bitfusion run -n 4',
    'trap - EXIT',
    'trap -p bitfusion',
    'ionice -p 1 bitfusion run -n 4',
    'chrt -p 10 bitfusion',
    'taskset -p 0x3 bitfusion',
    'prlimit --pid 1 bitfusion',
    'timeout 5 echo bitfusion run -n 4 x',
    'find / -name bitfusion -exec ls {} \\;',
    'xargs -n1 echo bitfusion run -n 4',
    'sudo apt-get install -y bitfusion',
    'mpirun -np 2 python bitfusion/train.py',
    'su bitfusion',
    'flock /lock echo bitfusion run',
    'conda run -n bitfusion python x',
  ])('B79: %s does not start it', (line) => {
    expect(inText(line)).toEqual([]);
  });
});

describe('text that reaches a shell by other ways', () => {
  it.each([
    [`bash <<E\n${run}\nE`],
    [`sh -s <<'E'\n${run}\nE`],
    [`exec bash -l <<-E\n\t${run}\nE`],
    [`bash <<<"${run}"`],
    [`cat <<E | sh\n${run}\nE`],
    [`echo "${run}" | bash`],
    [`printf '%s' '${run}' | sh -s`],
    [`CMD='bitfusion run -n 4 --'; $CMD python t.py`],
    [`CMD="bitfusion run"; \${CMD} -n 4 x`],
    [`SUDO='sudo -E'; $SUDO ${run}`],
    [`SUDO=; $SUDO ${run}`],
    [`$SUDO ${run}`],
    [`export CMD=bitfusion; exec $CMD run -n 4 x`],
  ])('B79: %j', (text) => {
    expect(inText(text)).toContain('4');
  });

  it.each([
    [`cat <<E\n${run}\nE`],
    [`bash script.sh <<E\n${run}\nE`],
    [`bash -c x <<E\n${run}\nE`],
    [`echo "${run}" | cat`],
    [`CMD='bitfusion run -n 4 --'; echo $CMD x`],
    [`PYTHON=python3; $PYTHON x bitfusion`],
  ])('B79: %j does not', (text) => {
    expect(inText(text)).toEqual([]);
  });
});

describe('what else takes GPUs', () => {
  it.each([
    ['bitfusion request_gpus -n 8 && bitfusion client -- python x', ['8', 'other']],
    ['bitfusion request_gpus --num_gpus=8 -p 0.5', ['8']],
    ['bitfusion request_gpus $ARGS', ['unreadable']],
    ['bitfusion-client run -n 8 -- x', ['8']],
    ['/bitfusion/p/usr/bin/bitfusion-client run -n 8 -- x', ['8']],
    ['bitfusion run -n 1 -- bitfusion run -n 8 x', ['1', '8']],
    ["bitfusion run -n 1 'bitfusion run -n 8 x'", ['1', '8']],
    ["bitfusion run -n 1 -- bash -c 'bitfusion run -n 8 x'", ['1', '8']],
    ["bitfusion client -- bash -c 'bitfusion run -n 8 x'", ['other', '8']],
    ['bitfusion run -n 1 -- timeout 5 bitfusion-client run -n 8 x', ['1', '8']],
  ])('B79: %s', (text, expected) => {
    expect(inText(text)).toEqual(expected);
    expect(amounts(readClientUse({ command: [text] })?.calls)).toEqual(expected);
  });

  it('B79: calls that lead to calls are followed to an end', () => {
    const calls = inText(`${'bitfusion run -n 1 -- '.repeat(8)}x`);
    expect(calls).toEqual(['1', '1', '1', '1', '1', 'unread']);
  });
});
