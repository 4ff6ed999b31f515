/**
 * Attacks the webhook as it is shipped: the built program with the flags of its image, in a process of its own on
 * loopback, over HTTP/1.1 and HTTP/2. Prints what each attack brought about, and ends with 1 if B70 does not hold. Run it
 * by `make attack`; words given to it choose the attacks whose names contain one of them.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Attack } from './attack.ts';
import { sendBody, sendHttp2Body } from './clients.ts';
import { hostileBodies } from './hostile-bodies.ts';
import { hostileConnections } from './hostile-connections.ts';
import { hostileHttp2 } from './hostile-http2.ts';
import { attackLimits, formatResult, resultHead, runAttacks } from './run-attacks.ts';
import { Target } from './target.ts';

const chosen = process.argv.slice(2);
const isChosen = ({ name }: Attack): boolean =>
  chosen.length === 0 || chosen.some((word) => name.includes(word));

const reviews = (send: (port: number, body: string) => Promise<string>): readonly Attack[] =>
  hostileBodies.map(([name, body]) => ({ name, isReview: true, run: (port) => send(port, body()) }));

const repository = new URL('../../../../', import.meta.url);
const containerfile = readFileSync(new URL('deploy/images/webhook/Containerfile', repository), 'utf8');
const [, ...entrypoint] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(containerfile)?.[1] ?? '[]') as string[];
const nodeFlags = entrypoint.filter((word) => word.startsWith('-'));
const program = fileURLToPath(new URL('apps/webhook/dist/main.js', repository));

const runs: readonly (readonly [string, readonly string[], readonly Attack[]])[] = [
  ['HTTP/1.1', [], [...reviews(sendBody), ...hostileConnections]],
  ['HTTP/2', ['--http2'], [...reviews(sendHttp2Body), ...hostileHttp2]],
];
let count = 0;
let broken = 0;
for (const [protocol, flags, attacks] of runs) {
  console.log(`\n${protocol}: node ${[...nodeFlags, 'dist/main.js', ...flags].join(' ')}\n${resultHead}`);
  await using target = await Target.start([...nodeFlags, program, ...flags]);
  for await (const result of runAttacks(target, attacks.filter(isChosen))) {
    console.log(formatResult(result));
    count += 1;
    if (result.broken.length > 0) broken += 1;
  }
}
const { cpuMs, memory, waitMs } = attackLimits;
console.log(
  `\n${count} attacks, ${broken} beyond a limit (${cpuMs} ms of CPU for a review, ${memory} MiB, ${waitMs} ms for another request)`,
);
process.exitCode = count > 0 && broken === 0 ? 0 : 1;
