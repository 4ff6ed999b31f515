import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasNamespaces, inNamespace, limitedContainer, runScript } from './limited-container.ts';
import { ledgersOf } from './populated-pod.ts';
import { shells } from './shells.ts';

const isRoot = process.getuid?.() === 0;

describe.each(shells)('the ledger under $name', { timeout: 120_000 }, (shell) => {
  it('B80: two launchers of one container that begin at once make one ledger', async () => {
    const container = await limitedContainer(shell);
    await runScript(container, 'for i in 1 2 3 4 5 6; do bitfusion run -n 1 true & done; wait');
    const outcome = await runScript(container, 'bitfusion run -n 1 echo ran');
    expect(outcome).toMatchObject({ stdout: 'ran\n', said: [] });
    const ledgers = ledgersOf(container.pod);
    expect(ledgers).toHaveLength(1);
    expect(ledgers.filter((path) => path.includes('.'))).toEqual([]);
  });

  it('B80: a launcher that was killed while it changed the ledger stops nobody', async () => {
    const container = await limitedContainer(shell);
    const outcome = await runScript(
      container,
      `bitfusion run -n 1 true; sh -c 'echo $$' >gone
      for ledger in ${container.pod.ledgerPrefix}*; do mv "$ledger/free" "$ledger/taken.$(cat gone).1" && echo taken; done
      bitfusion run -n 1 echo ran`,
    );
    expect(outcome).toMatchObject({ stdout: 'taken\nran\n', said: [] });
  });

  it.runIf(isRoot)('B80: users of one container share what was requested', async () => {
    const container = await limitedContainer(shell);
    const { pod } = container;
    cpSync(join(pod.environment['HOME'] ?? '', '.bitfusion'), join(container.directory, '.bitfusion'), {
      recursive: true,
    });
    const as = (user: number) => `setpriv --reuid ${user} --regid ${user} --clear-groups`;
    const outcome = await runScript(
      container,
      `chmod -R a+rX .; hold ${as(1001)} bitfusion run -n 1 -p 0.5
      ${as(1002)} bitfusion run -n 1 -p 0.6 echo too much; ${as(1002)} bitfusion run -n 1 -p 0.5 echo fits
      bitfusion run -n 1 -p 0.5 echo fits`,
      { HOME: container.directory },
    );
    expect(outcome.stdout).toBe('fits\nfits\n');
    expect(outcome.said).toHaveLength(1);
  });

  it.runIf(hasNamespaces)('B80: without /proc', async () => {
    const container = await limitedContainer(shell);
    const outcome = await runScript(
      container,
      `hold bitfusion run -n 1; bitfusion run -n 1 echo early; kill -9 $held; wait $held 2>/dev/null
      bitfusion run -n 1 -- bitfusion run -n 1 echo late`,
      {},
      inNamespace('mount -t tmpfs none /proc'),
    );
    expect(outcome.stdout).toBe('late\n');
    expect(outcome.said).toHaveLength(1);
  });

  const readOnly = (directory: string) =>
    `mount --bind ${directory} ${directory}; mount -o remount,bind,ro /; cd ${directory}/work`;

  it.runIf(hasNamespaces)('B80: on a read-only root file system, as any user', async () => {
    const container = await limitedContainer(shell);
    cpSync(
      join(container.pod.environment['HOME'] ?? '', '.bitfusion'),
      join(container.directory, '.bitfusion'),
      { recursive: true },
    );
    const outcome = await runScript(
      container,
      `hold bitfusion run -n 1; bitfusion run -n 1 echo early; kill $held; wait $held 2>/dev/null
      bitfusion run -n 1 echo late`,
      { HOME: container.directory },
      [
        ...inNamespace(`chmod -R a+rwX ${container.directory}; ${readOnly(container.pod.image.volume)}`),
        ...'setpriv --reuid 1001 --regid 1001 --clear-groups'.split(' '),
      ],
    );
    expect(outcome.stdout).toBe('late\n');
    expect(outcome.said).toHaveLength(1);
  });

  it.runIf(hasNamespaces)('B80: without a /dev/shm to write to, the home directory does', async () => {
    const container = await limitedContainer(shell);
    const outcome = await runScript(
      container,
      `hold bitfusion run -n 1; bitfusion run -n 1 echo early
      HOME=$PWD/none bitfusion run -n 1 echo nowhere; chmod 755 "$HOME/.bitfusion"; ls "$HOME/.bitfusion"`,
      {},
      inNamespace('mount -t tmpfs -o ro none /dev/shm'),
    );
    expect(outcome.stdout).toMatch(/^bitfusion-\S+\nclient.yaml\n$/);
    expect(outcome.said.map((line) => line.slice(0, 30))).toEqual([
      'bitfusion: run -n 1 asks for 1',
      'bitfusion: what is in use cann',
    ]);
  });

  it.runIf(hasNamespaces)('B80: the next start of the container begins with nothing in use', async () => {
    const container = await limitedContainer(shell);
    expect(await runScript(container, 'bitfusion request_gpus -n 1 >/dev/null')).toMatchObject({
      status: 0,
      said: [],
    });
    expect((await runScript(container, 'bitfusion run -n 1 echo same')).stdout).toBe('');
    // A runtime makes /dev with its links for each start; /dev/shm is the pod's, and stays.
    const outcome = await runScript(
      container,
      'bitfusion run -n 1 echo next',
      {},
      inNamespace(`mkdir ${container.directory}/dev; mount -t tmpfs none ${container.directory}/dev
        cd ${container.directory}/dev; mkdir shm; mknod null c 1 3; chmod 666 null; ln -s /proc/self/fd fd
        mount --bind /dev/shm shm; mount --rbind . /dev; cd ..`),
    );
    expect(outcome).toMatchObject({ stdout: 'next\n', said: [] });
  });
});
