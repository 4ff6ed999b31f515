import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';

import { onTestFinished } from 'vitest';

/** Starts `node ARGUMENT… --standalone` on a free port until the end of the test; gives the webhook's address. */
export async function runningWebhook(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [...args, '--standalone', '--port', '0', '--healthPort', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {},
  });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill();
    await once(child, 'exit');
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) return url;
  }
  throw new Error(`the webhook ended before it listened: ${args.join(' ')}`);
}

/** Posts JSON to an address whose certificate nobody signed; gives the JSON of the answer. */
export async function post(url: string, body: unknown): Promise<unknown> {
  const sent = request(url, {
    method: 'POST',
    rejectUnauthorized: false,
    headers: { 'Content-Type': 'application/json' },
  });
  sent.end(JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  return json(answer);
}
