import type { IncomingMessage } from 'node:http';

/** The values of a stream of lines of JSON, each as soon as its line is complete. Rejects for what is none. */
export async function* jsonLines(stream: IncomingMessage): AsyncGenerator {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + (chunk as string)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield JSON.parse(line);
  }
}
