import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { expect } from 'vitest';

/** Writes what `directory` holds as a Debian package: an `ar` archive of a version, control and data. */
export function writeDeb(file: string, directory: string): void {
  const data = archive('tar', ['-cz', '-f', '-', '.'], directory);
  const control = gzipSync(Buffer.alloc(1024));
  const members = [
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', control],
    ['data.tar.gz', data],
  ] as const;
  const parts = members.flatMap(([name, bytes]) => {
    const fields = [name.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8)];
    const head = `${fields.join('')}${String(bytes.length).padEnd(10)}\`\n`;
    return [Buffer.from(head), bytes, Buffer.from(bytes.length % 2 === 0 ? '' : '\n')];
  });
  writeFileSync(file, Buffer.concat([Buffer.from('!<arch>\n'), ...parts]));
}

/** Writes what `directory` holds as an RPM package: a lead, two headers without entries, a compressed cpio archive. */
export function writeRpm(file: string, directory: string, busybox: string): void {
  const lead = Buffer.alloc(96);
  lead.set([0xed, 0xab, 0xee, 0xdb, 3, 0]);
  const header = Buffer.from([0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const cpio = archive('sh', ['-c', `find . | ${busybox} cpio -o -H newc`], directory);
  writeFileSync(file, Buffer.concat([lead, header, header, gzipSync(cpio)]));
}

function archive(program: string, args: readonly string[], cwd: string): Buffer {
  const { stdout, status, stderr } = spawnSync(program, args, { cwd, maxBuffer: 1 << 26 });
  expect(status, stderr.toString()).toBe(0);
  return stdout;
}
