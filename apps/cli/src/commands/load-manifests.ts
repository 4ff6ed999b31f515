import { err, ok, type Result } from '@bwki/plain-data';

import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { readManifests, type Manifests } from '../manifest/read-manifests.ts';
import { readPolicy, type ChosenPolicy } from '../policy-options.ts';
import type { ManifestOptions } from './manifest-options.ts';
import { reportFaults } from './report.ts';

export interface LoadedManifests extends Manifests, ChosenPolicy {}

/** Reads the policy and the files; the exit code, with all said, where the call itself is at fault. */
export async function loadManifests(
  options: ManifestOptions,
  io: Io,
): Promise<Result<LoadedManifests, ExitCode>> {
  const policy = await readPolicy(options, io);
  if (!policy.ok) {
    reportFaults(policy.error, io);
    return err(exitCodes.badUsage);
  }
  return ok({ ...policy.value, ...(await readManifests(options.filename, io)) });
}
