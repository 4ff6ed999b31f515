/** Starts a control plane, says where its files are, and then waits until it is killed: `<context as JSON>`. */
import { startControlPlane } from '../../harness/index.ts';
import type { E2eContext } from '../../runner/context.ts';

const context = JSON.parse(process.argv[2] ?? '') as E2eContext;
if (context.kind === 'own') {
  const plane = await startControlPlane({
    tools: context.tools,
    workDirectory: context.workDirectory,
    controllers: false,
  });
  console.log(plane.directory);
  setInterval(() => undefined, 60_000);
}
