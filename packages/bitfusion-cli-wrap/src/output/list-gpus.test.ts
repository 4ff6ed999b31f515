import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.ts';
import { parseListGpus } from './list-gpus.ts';
import { parsePoolAnswer } from './pool-answer.ts';

describe('parseListGpus', () => {
  it('§8: the 2.0 form', () => {
    expect(parseListGpus(fixture('list-gpus/2.0.txt')).servers).toEqual([
      {
        index: 0,
        leader: false,
        address: '10.117.32.174:56001',
        runningTasks: 0,
        gpus: [{ index: 0, freeMiB: 16160, totalMiB: 16160, model: undefined, computeCapability: undefined }],
      },
    ]);
  });

  it('§8: the 4.0.1 form, two servers, one of them the leader', () => {
    const { servers, failure } = parseListGpus(fixture('list-gpus/4.0.1.txt'));
    expect(servers.map(({ index, leader, address }) => [index, leader, address])).toEqual([
      [0, true, '10.1.202.21:56001'],
      [1, false, '10.1.202.20:56001'],
    ]);
    expect(servers[1]?.gpus[1]).toEqual({
      index: 1,
      freeMiB: 32510,
      totalMiB: 32510,
      model: 'Tesla V100S-PCIE-32GB',
      computeCapability: '7.0',
    });
    expect(failure).toBeUndefined();
  });

  it('§8: a failure says why, and lists nothing', () => {
    const list = parseListGpus(fixture('list-gpus/unreachable.txt'));
    expect(list.servers).toEqual([]);
    expect(list.failure?.code).toBe('NO_SERVER');
    expect(list.lines[1]).toMatchObject({ event: { kind: 'unreachable', server: '10.117.32.156:56001' } });
  });

  it.each([
    ['   |- GPU [0]: free memory (1 / 2MiB) A100 80GB (SXM) (8.0)', 'A100 80GB (SXM)', '8.0'],
    ['   |- GPU [0]: free memory (1 / 2 MiB) A100', 'A100', undefined],
    ['   |- GPU [0]: free memory (1 / 2MiB)\r', undefined, undefined],
  ])('§8: %j', (line, model, computeCapability) => {
    const { servers } = parseListGpus(` - server 3 [h:1]: running 1 task\n${line}\n`);
    expect(servers[0]?.gpus).toEqual([{ index: 0, freeMiB: 1, totalMiB: 2, model, computeCapability }]);
  });

  it('§8: a GPU without a server is kept as a line', () => {
    const list = parseListGpus('   |- GPU 0: free memory 1 MiB / 2 MiB\n');
    expect(list.servers).toEqual([]);
    expect(list.lines).toMatchObject([{ kind: 'pool-gpu', totalMiB: 2 }]);
  });

  it('§8: nothing is lost and nothing throws', () => {
    const lines = fixture('list-gpus/4.0.1.txt').split(/(?<=\n)/);
    const piece = fc.oneof(fc.constantFrom(...lines, ' - server 0 [', '   |- GPU ['), fc.string());
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        expect(
          parseListGpus(text)
            .lines.map(({ source }) => source)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});

describe('parsePoolAnswer', () => {
  it('§8: request_gpus, as 2.0 answered', () => {
    const { servers, idleTimeoutMinutes, failure } = parsePoolAnswer(fixture('request-gpus/2.0.txt'));
    expect({ servers, idleTimeoutMinutes, failure }).toEqual({
      servers: ['192.168.131.36:56001'],
      idleTimeoutMinutes: 0,
      failure: undefined,
    });
  });

  it('§8: release_gpus prints nothing, several servers are told apart', () => {
    expect(parsePoolAnswer('')).toEqual({
      servers: [],
      idleTimeoutMinutes: undefined,
      failure: undefined,
      lines: [],
    });
    expect(parsePoolAnswer('Server List: a:1;b:2, c:3').servers).toEqual(['a:1', 'b:2', 'c:3']);
  });

  it('§8: a failure', () => {
    expect(parsePoolAnswer(fixture('request-gpus/deadline.txt')).failure?.code).toBe('NO_SERVER');
  });

  it('§8: nothing is lost and nothing throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(
          parsePoolAnswer(text)
            .lines.map(({ source }) => source)
            .join(''),
        ).toBe(text);
      }),
    );
  });
});
