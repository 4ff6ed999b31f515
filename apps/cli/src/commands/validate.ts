import { validatePodTemplate } from '@bwki/pod-mutator';

import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { fieldFault } from '../manifest/field-fault.ts';
import { podObjectsIn } from '../manifest/pod-objects.ts';
import { warnOfUnreadObjects } from '../manifest/unread-objects.ts';
import { styleFor } from '../terminal/style.ts';
import type { AddCommand } from './add-command.ts';
import { loadManifests } from './load-manifests.ts';
import { withManifestOptions, type ManifestOptions } from './manifest-options.ts';
import { reportFaults, reportWarnings } from './report.ts';

/** `bwki validate`: every fault of every pod, as the webhook would find it. */
export async function validate(options: ManifestOptions, io: Io): Promise<ExitCode> {
  const loaded = await loadManifests(options, io);
  if (!loaded.ok) return loaded.error;
  const { files, names, policy } = loaded.value;
  const verdicts = files.flatMap((file) =>
    file.documents.flatMap((document) =>
      podObjectsIn(document.value).map((object) => {
        const { errors, warnings } = validatePodTemplate(object.value, policy, { known: object.known });
        return {
          faults: errors.map((error) => fieldFault(file, document, object, error)),
          warnings: warnings.map((warning) => fieldFault(file, document, object, warning)),
        };
      }),
    ),
  );
  const faults = [...loaded.value.faults, ...verdicts.flatMap((verdict) => verdict.faults)];
  const unread = files.flatMap((file) =>
    file.documents.flatMap((document) => warnOfUnreadObjects(file, document)),
  );
  reportWarnings([...unread, ...verdicts.flatMap(({ warnings }) => warnings)], io, names);
  if (faults.length > 0) {
    reportFaults(faults, io, names);
    return exitCodes.badInput;
  }
  const style = styleFor(io.stdout, io.env);
  const objects = verdicts.length === 1 ? '1 object' : `${verdicts.length} objects`;
  io.stdout.write(`${style('green', 'ok')}: ${objects} with pods, no faults\n`);
  return exitCodes.success;
}

export const validateCommand: AddCommand = (program, io, end) => {
  withManifestOptions(
    program
      .command('validate')
      .description('List every fault that the webhook would find, with its place and code.'),
  )
    .addHelpText('after', examples)
    .action(async (options: ManifestOptions) => {
      end(await validate(options, io));
    });
};

const examples = `
A line reads file:line:column: document: field: what is wrong (CODE). docs/errors.md explains each code.

Examples:
  bwki validate -f pod.yaml
  bwki validate -f a.yaml -f b.yaml --config policy.yaml
  helm template chart | bwki validate -f -
`;
