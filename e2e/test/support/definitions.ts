import type { ControlPlane } from '../../harness/index.ts';

/** Makes the kinds of a folder of CustomResourceDefinitions known; resolves when the API server serves them. */
export async function applyDefinitions({ kubectl }: ControlPlane, directory: string): Promise<void> {
  // On the server's side: some are too large for the annotation that kubectl would write.
  const applied = await kubectl(['apply', '--server-side', `--filename=${directory}`, '--output=name']);
  if (applied.status !== 0) throw new Error(applied.stderr);
  const names = applied.stdout.trim().split('\n');
  const waited = await kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...names]);
  if (waited.status !== 0) throw new Error(waited.stderr);
}
