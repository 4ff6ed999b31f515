/** Runs its arguments in namespaces of their own, as the runner runs the tests. */
import { runInNamespaces } from '../../runner/namespaces.ts';

process.exitCode = await runInNamespaces(process.argv.slice(2), true);
