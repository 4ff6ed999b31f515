import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.ts';
import type { ClientLine } from './client-line.ts';
import { RunLogReader } from './run-log.ts';
import { parseRun } from './run-report.ts';

/** The lines in short: an event's kind, else the line's; texts as they are. */
function short(lines: readonly ClientLine[]): string[] {
  return lines.map((line) => {
    if (line.kind === 'record') return line.event.kind;
    return line.kind === 'text' ? JSON.stringify(line.source) : line.kind;
  });
}

const sourceOf = (lines: readonly ClientLine[]): string => lines.map((line) => line.source).join('');

describe('parseRun: what real clients printed', () => {
  it('§8: 2.5.0, part of a GPU', () => {
    const report = parseRun(fixture('run/2.5.0-partial.txt'));
    expect(short(report.lines)).toEqual([
      'availability',
      'choosing',
      'requesting',
      'resources',
      'server-list',
      'idle-timeout',
      'locked',
      'running',
      'server',
      '"\\n"',
      '"step 1 done\\n"',
    ]);
    expect(report.requested).toEqual([
      { kind: 'requesting', gpus: [0], memoryMiB: 8080, serverIndex: 0, serverVersion: '2.5.0-fd3e4839' },
    ]);
    expect(report.locked).toEqual({
      kind: 'locked',
      gpus: 1,
      partial: '0.5',
      configFile: '/tmp/bitfusion125236687',
    });
    expect(report.running?.command).toMatch(/^python \/benchmark.*--model=inception3$/);
    expect(report.servers).toEqual([
      {
        kind: 'server',
        host: '192.168.1.100',
        port: 55001,
        id: 'ab4a56d5-8df4-4c93-891d-1c5814cf83f6',
        managementPort: 56001,
        version: '2.5.0-fd3e4839',
      },
    ]);
    expect(report).toMatchObject({
      output: '\nstep 1 done\n',
      warnings: [],
      released: false,
      failure: undefined,
    });
  });

  it('§8: 3.0.0, two GPUs, with a claim and a health status', () => {
    const report = parseRun(fixture('run/3.0.0-two-gpus.txt'));
    expect(short(report.lines).slice(0, 5)).toEqual([
      'claim',
      'availability',
      'health-status',
      'choosing',
      'requesting',
    ]);
    expect(report.requested[0]).toMatchObject({ gpus: [0, 1], memoryMiB: 26008 });
    expect(report.locked).toMatchObject({ gpus: 2, partial: '0.8' });
  });

  it('§8: 4.0.0, to its end, with a warning that stops nothing', () => {
    const report = parseRun(fixture('run/4.0.0-whole-gpu.txt'));
    expect(short(report.lines)).toEqual([
      'claim',
      'backup-failed',
      'availability',
      'choosing',
      'requesting',
      'resources',
      'server-list',
      'idle-timeout',
      'locked',
      'running',
      'server',
      '"\\n"',
      'started',
      '"Epoch 1/10\\n"',
      'releasing',
      'released',
    ]);
    expect(report.warnings.map(({ event }) => event)).toEqual([
      {
        kind: 'backup-failed',
        from: '/root/.bitfusion/client.yaml',
        to: '/root/.bitfusion/client.yaml.20210903T003923',
        cause: 'device or resource busy',
      },
    ]);
    expect(report).toMatchObject({ released: true, failure: undefined });
  });

  it('§8: 4.0.1, servers given, times with an offset', () => {
    const report = parseRun(fixture('run/4.0.1-server-list.txt'));
    expect(report.lines[0]).toMatchObject({
      level: 'INFO',
      timestamp: '2022-01-17T20:52:10+08:00',
      event: { kind: 'choosing', servers: ['10.1.202.20:56001'] },
    });
    expect(report.released).toBe(true);
  });

  it('§8: the end of a 2.0 run', () => {
    expect(short(parseRun(fixture('run/2.0-release.txt')).lines)).toEqual(['releasing', 'released']);
  });

  it('§8: no server, three ways', () => {
    for (const name of ['list-gpus/unreachable', 'request-gpus/deadline', 'request-gpus/empty-address']) {
      expect(parseRun(fixture(`${name}.txt`)).failure?.code).toBe('NO_SERVER');
    }
    expect(parseRun(fixture('request-gpus/empty-address.txt')).lines.slice(0, 2)).toMatchObject([
      { event: { kind: 'health-status', server: '' } },
      { event: { kind: 'file-failed', path: '/root/.bitfusion/servers.conf' } },
    ]);
  });
});

describe('parseRun: what comes between the lines', () => {
  const running =
    "[INFO] 2022-01-17T21:25:49+08:00 Running client command 'python x' on 1 GPUs, with the following servers:";
  const server = '[INFO] 2022-01-17T21:25:49+08:00 10.1.202.20 55001 cda3c338 56001 4.0.1-7a9ad936\n';
  const releasing = "[INFO] 2022-01-17T21:25:50+08:00 Releasing GPUs from config file '/tmp/b'...\n";

  it('§8: two records without a line end between them', () => {
    expect(short(parseRun(running + server).lines)).toEqual(['running', 'server']);
  });

  it('§8: a record behind a program’s last words', () => {
    expect(short(parseRun(`${running}\n100 %${releasing}`).lines)).toEqual([
      'running',
      '"100 %"',
      'releasing',
    ]);
  });

  it('§8: a program that quotes a record of its own is left whole', () => {
    const quoted = 'app.log:[INFO] 2022-01-17T21:25:49Z hello\n';
    expect(short(parseRun(quoted).lines)).toEqual([JSON.stringify(quoted)]);
  });

  it('§8: a program’s error is its own, before and after it is the client’s', () => {
    const error = 'Error: x\n';
    expect(short(parseRun(error + running + '\n' + error + releasing + error).lines)).toEqual([
      'failure',
      'running',
      '"Error: x\\n"',
      'releasing',
      'failure',
    ]);
  });

  it('§8: a program whose arguments hold line ends', () => {
    const record = running.replace('python x', 'bash -c a\nError: b\n\nc');
    const report = parseRun(`${record}\n${server}`);
    expect(report.running?.command).toBe('bash -c a\nError: b\n\nc');
    expect(short(report.lines)).toEqual(['running', 'server']);
    const cut = parseRun(`${record.slice(0, -20)}\n${server}Error: d`);
    expect(short(cut.lines)).toEqual([
      'other',
      'failure',
      '"\\n"',
      '"c\' on 1 GPUs, with th\\n"',
      'server',
      'failure',
    ]);
  });

  it('§8: a record that was cut short does not hold back what follows', () => {
    const reader = new RunLogReader();
    const lines = reader.push(`${running.slice(0, 70)}\n${server}`);
    expect(short(lines)).toEqual(['other', 'server']);
  });

  it('§8: a terminal’s line ends, and a last line without one', () => {
    expect(short(parseRun(`${running}\r\n${server.trimEnd()}`).lines)).toEqual(['running', 'server']);
  });

  it('§8: wording that is not known is a record that says other', () => {
    expect(parseRun('[DEBUG] 2022-01-17T21:25:50.123Z something new\n').lines).toMatchObject([
      { kind: 'record', level: 'DEBUG', message: 'something new', event: { kind: 'other' } },
    ]);
  });

  it('§8: an expired token, with and without a level', () => {
    const told = 'Token expired at: 2022-01-01T00:00:00Z';
    const failure = { code: 'TOKEN_EXPIRED', message: told };
    expect(parseRun(told).failure).toEqual(failure);
    expect(parseRun(`Error: ${told}`).failure).toEqual(failure);
    expect(parseRun(`[WARN] 2022-01-17T21:25:50Z ${told}`).lines).toMatchObject([
      { event: { kind: 'token-expired', expiry: '2022-01-01T00:00:00Z' } },
    ]);
  });
});

describe('RunLogReader', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...fixture('run/4.0.0-whole-gpu.txt').split(/(?<=\n)/),
      "[INFO] 2022-01-17T21:25:49Z Running client command 'a",
      "' on 1 GPUs, with the following servers:",
      '\n',
      'Error: x',
    ),
    fc.string(),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

  it('§8: nothing is lost and nothing throws', () => {
    fc.assert(
      fc.property(text, (log) => {
        expect(sourceOf(parseRun(log).lines)).toBe(log);
      }),
      { numRuns: 500 },
    );
  });

  it('§8: where the stream is cut makes no difference', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 2000 })), (log, cuts) => {
        const reader = new RunLogReader();
        const at = [0, ...cuts.filter((cut) => cut < log.length).sort((a, b) => a - b), log.length];
        const lines = at.slice(1).flatMap((end, nth) => [...reader.push(log.slice(at[nth], end))]);
        expect([...lines, ...reader.end()]).toEqual(parseRun(log).lines);
      }),
      { numRuns: 500 },
    );
  });

  it('§8: a program that ends no line does not fill the memory', () => {
    const reader = new RunLogReader();
    const lines = Array.from({ length: 40 }, () => reader.push('.'.repeat(10_000))).flat();
    expect(lines.length).toBeGreaterThan(4);
    expect(sourceOf([...lines, ...reader.end()])).toHaveLength(400_000);
  });
});
