import { spawn as nodeSpawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { runClient, type RunClientOptions, type Spawn } from './run-client.ts';

const directory = mkdtempSync(join(tmpdir(), 'run-client-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const sh = (text: string, options: Partial<RunClientOptions> = {}): ReturnType<typeof runClient> =>
  runClient({ binary: '/bin/sh', argv: ['-c', text], grace: 100, ...options });

/** Does anything run in the process group whose leader printed its id? What nobody has reaped yet does not run. */
function lives(ran: Awaited<ReturnType<typeof runClient>>): boolean {
  const printed = ran.ok ? ran.value.stdout : 'stdout' in ran.error ? ran.error.stdout : '';
  const group = /^\d+$/m.exec(printed)?.[0];
  if (group === undefined) throw new Error(`no process id in ${JSON.stringify(printed)}`);
  const { stdout } = spawnSync('ps', ['-eo', 'pgid=,stat='], { encoding: 'utf8' });
  return new RegExp(`^ *${group} +[^Z ]`, 'm').test(stdout);
}

describe('runClient', () => {
  it('§8: gives back both outputs', async () => {
    expect(await sh('printf out; printf err >&2')).toEqual({
      ok: true,
      value: { stdout: 'out', stderr: 'err' },
    });
  });

  it('§8: passes arguments and environment exactly, and no standard input', async () => {
    const argv = ['-c', 'cat; printf "%s|" "$@" "$X"', 'sh', 'a b', '', '$X', '"'];
    const ran = await runClient({ binary: '/bin/sh', argv, env: { X: 'x y' } });
    expect(ran).toMatchObject({ value: { stdout: 'a b||$X|"|x y|' } });
  });

  it('§8: a character cut in two by the pipe stays whole', async () => {
    expect(await sh(String.raw`printf '\303'; sleep 0.1; printf '\251'`)).toMatchObject({
      value: { stdout: 'é' },
    });
  });

  it.each([
    ['a name', 'no-such-client-anywhere'],
    ['a path', join(directory, 'none')],
  ])('§8: not-found: %s', async (_, binary) => {
    expect(await runClient({ binary, argv: [] })).toEqual({
      ok: false,
      error: { kind: 'not-found', binary },
    });
  });

  it('§8: not-executable: no permission, no program, an argument that no process can have', async () => {
    const file = join(directory, 'plain');
    writeFileSync(file, 'x', { mode: 0o644 });
    const fault = async (binary: string, argv: string[] = []): Promise<unknown> => {
      const ran = await runClient({ binary, argv });
      return ran.ok ? undefined : ran.error;
    };
    expect(await fault(file)).toEqual({ kind: 'not-executable', binary: file, cause: 'EACCES' });
    expect(await fault(directory)).toMatchObject({ kind: 'not-executable', cause: 'EACCES' });
    expect(await fault('/bin/sh', ['\0'])).toMatchObject({
      kind: 'not-executable',
      cause: 'ERR_INVALID_ARG_VALUE',
    });
  });

  it('§8: exit: the code, and what was written', async () => {
    expect(await sh('printf a; printf b >&2; exit 7')).toEqual({
      ok: false,
      error: { kind: 'exit', code: 7, stdout: 'a', stderr: 'b' },
    });
  });

  it('§8: signal: one that somebody else sent', async () => {
    expect(await sh('kill -KILL $$')).toMatchObject({ error: { kind: 'signal', signal: 'SIGKILL' } });
  });

  it('§8: timeout: ends the child and what it started, and waits for them', async () => {
    const ran = await sh('echo $$; sleep 60 & sleep 60', { timeout: 300 });
    expect(ran).toMatchObject({ error: { kind: 'timeout', timeout: 300 } });
    expect(lives(ran)).toBe(false);
  });

  it('§8: timeout: a child that ignores SIGTERM is killed after the grace', async () => {
    const started = performance.now();
    const ran = await sh("trap '' TERM; echo $$; while :; do sleep 0.1; done", { timeout: 200, grace: 300 });
    expect(ran).toMatchObject({ error: { kind: 'timeout' } });
    expect(performance.now() - started).toBeGreaterThan(450);
    expect(lives(ran)).toBe(false);
  });

  it('§8: timeout: so is what ignores it and holds no output', async () => {
    const deaf = "trap '' TERM; while :; do sleep 0.1; done";
    const ran = await sh(`echo $$; sh -c "${deaf}" >/dev/null 2>&1 & sleep 60`, { timeout: 300 });
    await sleep(50);
    expect(lives(ran)).toBe(false);
  });

  it('§8: timeout: a descendant in a group of its own does not hold the promise', async () => {
    const ran = await sh('setsid sleep 5 & sleep 60', { timeout: 200, grace: 100 });
    expect(ran).toMatchObject({ error: { kind: 'timeout' } });
  }, 3_000);

  it('§8: aborted: before the start, and while it runs', async () => {
    const unused: Spawn = () => {
      throw new Error('must not be started');
    };
    expect(await sh(':', { signal: AbortSignal.abort(), spawn: unused })).toMatchObject({
      error: { kind: 'aborted' },
    });
    const controller = new AbortController();
    const ran = sh('echo $$; sleep 60', { signal: controller.signal });
    await sleep(200);
    controller.abort();
    expect(await ran).toMatchObject({
      error: { kind: 'aborted', stdout: expect.stringMatching(/^\d+\n$/) as string },
    });
  });

  it('§8: output-too-large: keeps the first bytes and ends the child', async () => {
    const ran = await sh('while :; do echo 0123456789; done', { maxOutput: 1000 });
    expect(ran).toMatchObject({ error: { kind: 'output-too-large', maxOutput: 1000 } });
    expect(ran.ok ? 0 : 'stdout' in ran.error && ran.error.stdout.length).toBe(1000);
    expect(await sh('printf 0123456789', { maxOutput: 10 })).toMatchObject({ ok: true });
  });

  it('§8: what the client leaves running with its outputs is ended, and changes nothing', async () => {
    const started = performance.now();
    expect(await sh('echo done; sleep 60 &')).toEqual({ ok: true, value: { stdout: 'done\n', stderr: '' } });
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('§8: leaves no listener on the signal and no timer behind', async () => {
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>): void => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>): void => {
      listeners--;
      remove(...args);
    };
    await sh(':', { signal });
    await runClient({ binary: 'no-such-client-anywhere', argv: [], signal });
    expect(listeners).toBe(0);
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThan(2);
  });

  it('§8: another spawn may take the place of Node’s', async () => {
    const calls: unknown[] = [];
    const spawn: Spawn = (command, args, options) => {
      calls.push([command, args]);
      return nodeSpawn('/bin/echo', ['instead'], options);
    };
    expect(await runClient({ binary: 'b', argv: ['x'], spawn })).toMatchObject({
      value: { stdout: 'instead\n' },
    });
    expect(calls).toEqual([['b', ['x']]]);
  });
});
