import { Option } from 'commander';

import { exitCodes, type ExitCode } from '../exit-code.ts';
import { explainTemplate } from '../explain/explain-template.ts';
import { explanationJson } from '../explain/explanation-json.ts';
import { explanationText, type ObjectExplanation } from '../explain/explanation-text.ts';
import type { Io } from '../io.ts';
import { mutateManifests } from '../manifest/mutate-manifests.ts';
import { placeOf } from '../manifest/place-of.ts';
import { progressOn } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import type { AddCommand } from './add-command.ts';
import { loadManifests } from './load-manifests.ts';
import { withManifestOptions, type ManifestOptions } from './manifest-options.ts';
import { reportFaults } from './report.ts';

export interface ExplainOptions extends ManifestOptions {
  readonly output: 'text' | 'json';
}

/** `bwki explain`: what every pod asks for, what it costs, and its commands before and after. */
export async function explain(options: ExplainOptions, io: Io): Promise<ExitCode> {
  const progress = progressOn(io);
  const loaded = await loadManifests(options, io);
  if (!loaded.ok) return loaded.error;
  const { files, names, policy } = loaded.value;
  const { documents, ...mutated } = mutateManifests(files, policy, progress.step);
  progress.done();
  const faults = [...loaded.value.faults, ...mutated.faults];
  if (faults.length > 0) {
    reportFaults(faults, io, names);
    return exitCodes.badInput;
  }
  const explanations = documents.flatMap(({ file, document, objects }) =>
    objects.map(({ object, mutation, warnings }): ObjectExplanation => ({
      kind: object.kind,
      name: object.name,
      place: placeOf(file, document, object),
      templates: mutation.templates.map((template) => explainTemplate(template, policy)),
      warnings,
    })),
  );
  if (options.output === 'json') {
    io.stdout.write(`${JSON.stringify(explanations.map(explanationJson), null, 2)}\n`);
  } else if (explanations.length === 0) {
    io.stdout.write('no pod, and nothing that makes pods\n');
  } else {
    const style = styleFor(io.stdout, io.env);
    io.stdout.write(explanations.map((explanation) => explanationText(explanation, style)).join('\n'));
  }
  return exitCodes.success;
}

export const explainCommand: AddCommand = (program, io, end) => {
  withManifestOptions(
    program
      .command('explain')
      .description('Tell what pods ask for, what they take of the quota, and what they will run.'),
  )
    .addOption(
      new Option('-o, --output <format>', 'for people or for programs')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', examples)
    .action(async (options: ExplainOptions) => {
      end(await explain(options, io));
    });
};

const examples = `
Examples:
  bwki explain -f pod.yaml
  bwki explain -f pod.yaml --total-memory 16G
  bwki explain -f jobs.yaml -o json | jq '.[].pods[].units'
`;
