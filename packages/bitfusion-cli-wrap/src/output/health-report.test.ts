import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.ts';
import { parseHealth } from './health-report.ts';

describe('parseHealth: the report of a 2.0 client', () => {
  const report = parseHealth(fixture('health/2.0.txt'));
  const [server, local] = report.machines;
  const checks = (server?.categories ?? []).flatMap((category) => category.checks);

  it('§8: a server, then this machine', () => {
    expect(report.machines.map((machine) => machine.server)).toEqual(['172.16.31.206:56001', undefined]);
    expect(report.failure).toBeUndefined();
  });

  it('§8: categories in order, the last one holds the totals', () => {
    const names = ['Software Versions', 'System Resources', 'Performance', 'Stability', 'Consistency'];
    expect(server?.categories.map(({ name, checks: { length } }) => [name, length])).toEqual(
      names.map((name, nth) => [name, [3, 3, 6, 7, 0][nth]]),
    );
    expect(local?.categories.map(({ name, checks: { length } }) => [name, length])).toEqual(
      names.map((name, nth) => [name, [2, 2, 3, 2, 0][nth]]),
    );
  });

  it('§8: totals as printed, though the guide left a check out', () => {
    expect(server?.totals).toEqual({ PASS: 17, INFO: 0, SKIPPED: 0, MARGINAL: 2, FATAL: 0 });
    expect(checks.filter(({ verdict }) => verdict === 'PASS')).toHaveLength(18);
    expect(local?.totals).toEqual({ PASS: 6, INFO: 0, SKIPPED: 1, MARGINAL: 2, FATAL: 0 });
  });

  it('§8: verdicts with any padding, name and detail apart', () => {
    expect(checks.slice(0, 2)).toEqual([
      { verdict: 'PASS', name: 'Check library dependency', detail: undefined },
      { verdict: 'PASS', name: 'Check CUDA version >= 9000', detail: 'Current version: 10020' },
    ]);
    expect(checks).toContainEqual({
      verdict: 'PASS',
      name: 'Check PCIe Width',
      detail: 'GPUs are all set to use their maximum PCIe lane capacity',
    });
  });

  it('§8: wrapped lines are joined, paths without a blank', () => {
    expect(checks).toContainEqual({
      verdict: 'PASS',
      name: 'Check Interface/Subnet Compatibility',
      detail: 'network interfaces and subnets configured correctly',
    });
    expect(checks.at(-1)).toEqual({
      verdict: 'MARGINAL',
      name: 'Check Network Errors/Drops',
      detail: 'drops reported in file: /sys/class/net/ens160/statistics/rx_dropped',
    });
    expect(local?.categories[2]?.checks.at(-1)).toEqual({
      verdict: 'SKIPPED',
      name: 'Cannot perform PCIe diagnosis without root access. Run the binary with sudo to get diagnosis',
      detail: undefined,
    });
  });
});

describe('parseHealth', () => {
  it('§8: lines that were left out, checks above a heading, other verdicts', () => {
    const text =
      'Health report for localhost\n[INFO] a\n...\n[FATAL   ] b: c\n[NEW] d\n[INFO] 2022-01-17T21:25:50Z e\n';
    const { machines, lines } = parseHealth(text);
    expect(machines).toEqual([
      {
        server: undefined,
        categories: [
          {
            name: '',
            checks: [
              { verdict: 'INFO', name: 'a', detail: undefined },
              { verdict: 'FATAL', name: 'b', detail: 'c' },
            ],
          },
        ],
        totals: {},
        shortened: true,
      },
    ]);
    expect(lines.slice(-2).map(({ kind }) => kind)).toEqual(['text', 'record']);
  });

  it('§8: a short line is not continued', () => {
    const { machines, lines } = parseHealth('Health report for localhost\n[PASS] short\nsomething else\n');
    expect(machines[0]?.categories[0]?.checks).toEqual([
      { verdict: 'PASS', name: 'short', detail: undefined },
    ]);
    expect(lines.at(-1)?.kind).toBe('text');
  });

  it('§8: no report but a failure', () => {
    const { machines, failure } = parseHealth(fixture('list-gpus/unreachable.txt'));
    expect(machines).toEqual([]);
    expect(failure?.code).toBe('NO_SERVER');
  });

  it('§8: nothing is lost and nothing throws', () => {
    const piece = fc.oneof(
      fc.constantFrom(...fixture('health/2.0.txt').split(/(?<=\n)/), '...\n'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        expect(
          parseHealth(text)
            .lines.map(({ source }) => source)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('§8: time grows with the text', () => {
    const started = performance.now();
    parseHealth(`Health report for localhost\n[PASS] ${':'.repeat(1_000_000)}\n${' '.repeat(1_000_000)}x\n`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
