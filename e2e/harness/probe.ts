import { get as getPlain } from 'node:http';
import { get as getTls } from 'node:https';

/** GET, answered by 200 or an error that has the status and the answer; `ca` is PEM and only for https. */
export function probe(url: string, ca?: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, timeout: 2_000, ...(ca === undefined ? {} : { ca }) };
    const request = (url.startsWith('https:') ? getTls : getPlain)(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString().trim();
        if (response.statusCode === 200) resolve(true);
        else reject(new Error(`${url} answers ${response.statusCode ?? '?'}\n${body}`));
      });
    });
    request.on('timeout', () => request.destroy(new Error(`${url} does not answer`)));
    request.on('error', reject);
  });
}
