/**
 * The least that a webhook can be, for comparison: node:https, which allows all, or answers a fixed patch to what was
 * not patched yet. `<certificate file> <key file> [<file with the patch>]`; its address goes to stdout.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

const [certFile = '', keyFile = '', patchFile] = process.argv.slice(2);
const patch = patchFile === undefined ? undefined : readFileSync(patchFile).toString('base64');
const server = createServer(
  { cert: readFileSync(certFile), key: readFileSync(keyFile) },
  (request, response) => {
    void text(request).then((body) => {
      const review = JSON.parse(body) as {
        readonly apiVersion: string;
        readonly request: { readonly uid: string };
      };
      const isPatched = body.includes('"auto-management/status"');
      const patched = patch === undefined || isPatched ? {} : { patchType: 'JSONPatch', patch };
      const answer = { uid: review.request.uid, allowed: true, ...patched };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ kind: 'AdmissionReview', apiVersion: review.apiVersion, response: answer }),
      );
    });
  },
);
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` }));
