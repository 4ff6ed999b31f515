/** Runs a bench against a Kubernetes of its own: `main.ts admission` or `main.ts namespaces`. */
import { benchAdmission } from './admission.ts';
import { startBenchPlane } from './bench-plane.ts';
import { benchNamespaces } from './namespaces.ts';

const benches = new Map([
  ['admission', benchAdmission],
  ['namespaces', benchNamespaces],
]);
const run = benches.get(process.argv[2] ?? '');
if (run === undefined) {
  console.error(`give one of ${[...benches.keys()].join(', ')}`);
  process.exitCode = 2;
} else {
  await using bench = await startBenchPlane(process.env);
  await run(bench);
}
