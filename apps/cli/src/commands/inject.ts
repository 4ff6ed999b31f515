import { Option } from 'commander';

import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Fault } from '../fault.ts';
import type { Io } from '../io.ts';
import { mutateManifests } from '../manifest/mutate-manifests.ts';
import { injectFormats, renderInjected, type InjectFormat } from '../render/injected.ts';
import { progressOn } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import type { AddCommand } from './add-command.ts';
import { loadManifests } from './load-manifests.ts';
import { withManifestOptions, type ManifestOptions } from './manifest-options.ts';
import { reportFaults, reportWarnings } from './report.ts';

export interface InjectOptions extends ManifestOptions {
  readonly output: InjectFormat;
}

/** `bwki inject`: the manifests with Bitfusion in them, or what it changes. If anything is at fault, nothing is written. */
export async function inject(options: InjectOptions, io: Io): Promise<ExitCode> {
  const progress = progressOn(io);
  const loaded = await loadManifests(options, io);
  if (!loaded.ok) return loaded.error;
  const { files, names, policy, hasClientImage } = loaded.value;
  const { documents, ...mutated } = mutateManifests(files, policy, progress.step);
  progress.done();
  const faults = [...loaded.value.faults, ...mutated.faults];
  reportWarnings(
    documents.flatMap(({ unread, objects }) => [...unread, ...objects.flatMap(({ warnings }) => warnings)]),
    io,
    names,
  );
  if (faults.length > 0) {
    reportFaults(faults, io, names);
    return exitCodes.badInput;
  }
  if (!hasClientImage && documents.some(({ patch }) => patch.length > 0)) {
    reportFaults([clientImageMissing], io);
    return exitCodes.badUsage;
  }
  const rendered = renderInjected(options.output, files, documents, styleFor(io.stdout, io.env));
  if (!rendered.ok) {
    reportFaults(rendered.error, io, names);
    return exitCodes.badInput;
  }
  io.stdout.write(rendered.value);
  return exitCodes.success;
}

const clientImageMissing: Fault = {
  code: 'CLIENT_IMAGE_MISSING',
  message:
    '--client-image: required, because injected pods start with an image of yours that carries the client; give --client-image registry.example/bitfusion/bitfusion-client:0.1.0, or --from-cluster, or clientImage in the file of --config',
};

export const injectCommand: AddCommand = (program, io, end) => {
  withManifestOptions(
    program
      .command('inject')
      .description('Print manifests with Bitfusion injected, as the webhook would run them.'),
  )
    .addOption(
      new Option('-o, --output <format>', 'yaml is the text as it came, YAML or JSON, with what changes')
        .choices(injectFormats)
        .default('yaml'),
    )
    .option('--client-image <image>', "the image that carries the client, instead of the policy's")
    .addHelpText('after', examples)
    .action(async (options: InjectOptions) => {
      end(await inject(options, io));
    });
};

const examples = `
Pods, lists, and the kinds of Kubernetes, Kubeflow, Ray, JobSet, LeaderWorkerSet, Volcano, Knative, Argo and KServe that
make pods are changed. All else stays as it is, to the byte. If anything is at fault, nothing is printed.

Injected pods start with an image that carries the client. It is yours, so there is no default: name it by
--client-image, by clientImage in the file of --config, or use the webhook's by --from-cluster.

Examples:
  bwki inject -f job.yaml --from-cluster | kubectl apply -f -
  bwki inject -f job.yaml --client-image registry.example/bitfusion/bitfusion-client:0.1.0 -o diff
  kubectl get deployment train -o json | bwki inject -f - --config policy.yaml -o patch
`;
