import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import type { Attack } from './attack/attack.ts';
import { sendBody } from './attack/clients.ts';
import { hostileBodies } from './attack/hostile-bodies.ts';
import { hostileConnections } from './attack/hostile-connections.ts';
import { hostileHttp2 } from './attack/hostile-http2.ts';
import { type AttackResult, runAttacks } from './attack/run-attacks.ts';
import { Target } from './attack/target.ts';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const program = ['--max-old-space-size=128', '--max-semi-space-size=4', '--conditions=@bwki/source', main];

/** Time of a machine that is busy with other tests tells little: `make attack` is where it is measured. */
const limits = { cpuMs: 2000, memory: 256, waitMs: 15_000 };

/** A few; all of them take minutes. */
const words = [
  '8 MiB of {},',
  'beyond Latin-1',
  '400 bodies',
  '15 KB of blanks',
  'of one byte',
  'SETTINGS',
  'reset',
  '64 KB',
];
const isChosen = ({ name }: Attack): boolean => words.some((word) => name.includes(word));

const reviews = hostileBodies.map(([name, body]): Attack => ({
  name,
  isReview: true,
  run: (port) => sendBody(port, body()),
}));

describe.runIf(process.platform === 'linux')('B70: attacks on the program', { timeout: 120_000 }, () => {
  it.each<[string, readonly string[], readonly Attack[]]>([
    ['HTTP/1.1', [], [...reviews, ...hostileConnections].filter(isChosen)],
    ['HTTP/2', ['--http2'], hostileHttp2.filter(isChosen)],
  ])(
    'B70: over %s none takes too much, and honest reviews are answered meanwhile',
    async (_, flags, attacks) => {
      await using target = await Target.start([...program, ...flags]);
      const results: AttackResult[] = [];
      for await (const result of runAttacks(target, attacks, limits)) results.push(result);
      expect(results).toHaveLength(attacks.length);
      expect(attacks.length).toBeGreaterThan(2);
      expect(results.filter(({ broken }) => broken.length > 0)).toEqual([]);
    },
  );
});
