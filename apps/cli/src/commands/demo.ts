import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { demoAssets } from '../demo/asset-paths.ts';
import { demoTable, type DemoRow } from '../demo/demo-table.ts';
import { devicePluginText } from '../demo/device-plugin-text.ts';
import { showObject, type Trials } from '../demo/show-object.ts';
import { tryDevicePlugin } from '../demo/try-device-plugin.ts';
import { webhookSummary } from '../demo/webhook-text.ts';
import { withWebhook, type WebhookTrial } from '../demo/with-webhook.ts';
import { withWorkshop } from '../demo/workshop.ts';
import { exitCodes, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { mutateManifests } from '../manifest/mutate-manifests.ts';
import { readManifests } from '../manifest/read-manifests.ts';
import { readPolicy, type PolicyOptions } from '../policy-options.ts';
import { progressOn } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import type { AddCommand } from './add-command.ts';
import { reportFaults } from './report.ts';

/**
 * `bwki demo`: every example explained, its commands really run, and its pods sent to the webhook over HTTPS; then the
 * device plugin at a kubelet for tests.
 */
export async function demo(options: PolicyOptions, io: Io): Promise<ExitCode> {
  const chosen = await readPolicy(options, io);
  if (!chosen.ok) {
    reportFaults(chosen.error, io);
    return exitCodes.badUsage;
  }
  const { policy } = chosen.value;
  const files = (await readdir(demoAssets.examples)).filter((name) => name.endsWith('.yaml')).sort();
  const read = await readManifests(
    files.map((name) => `examples/${name}`),
    { ...io, readFile: (path) => io.readFile(join(demoAssets.examples, basename(path))) },
  );
  const { documents, faults } = mutateManifests(read.files, policy);
  if (read.faults.length + faults.length > 0) {
    reportFaults([...read.faults, ...faults], io, read.names);
    return exitCodes.badInput;
  }

  const style = styleFor(io.stdout, io.env);
  const progress = progressOn(io);
  const signal = io.interruption();
  io.stdout.write(introduction);
  const rows: DemoRow[] = [];
  const answers: WebhookTrial[] = [];
  let node = '';
  const showAll = async (trials: Trials): Promise<void> => {
    for (const document of documents) {
      for (const object of document.objects) {
        progress.step(`running ${document.file.name}`);
        const shown = await showObject(document, object, policy, trials, style);
        progress.done();
        signal.throwIfAborted();
        io.stdout.write(shown.text);
        rows.push(shown.row);
        answers.push(...shown.answers);
      }
    }
  };
  try {
    await withWorkshop(policy, demoAssets.clientImage, signal, (tryTemplate) =>
      withWebhook(policy, signal, (reviewTemplate) => showAll({ tryTemplate, reviewTemplate })),
    );
    node = devicePluginText(await tryDevicePlugin(signal), style);
  } catch (error) {
    // What was running when the user interrupted fails as well.
    if (signal.aborted) return exitCodes.badInput;
    throw error;
  }
  const same = rows.every((row) => row.same);
  io.stdout.write(demoTable(rows, style));
  io.stdout.write(`\n${node}\n${webhookSummary(answers)}\n${same ? next : notTheSame}`);
  return same ? exitCodes.success : exitCodes.badInput;
}

const introduction = `Each example's command is run twice on this machine: as it is, and as the webhook would have it run, with a stand-in
for the Bitfusion client. No GPU, no cluster and no root is needed. Its programs only note the arguments they get.
Each pod is also sent to the webhook itself, which runs on a free port of 127.0.0.1 meanwhile. At the end the device
plugin registers with a kubelet for tests.

`;

const notTheSame = 'Not everything was as it should have been: see above.\n';

const next = `Every program got exactly the arguments that it would have had without Bitfusion, and every patch is the library's.
Next: bwki explain -f your-pod.yaml --total-memory 16000, and to see what changes: bwki inject -f your-pod.yaml --client-image IMAGE -o diff
`;

export const demoCommand: AddCommand = (program, io, end) => {
  program
    .command('demo')
    .description(
      'Show every example before and after, run its commands with a stand-in for the client, ask the webhook, and run the device plugin.',
    )
    .option('--total-memory <memory>', 'memory of one GPU, a number of MB or a quantity', '16000')
    .addHelpText('after', examples)
    .action(async (options: PolicyOptions) => {
      end(await demo(options, io));
    });
};

const examples = `
It needs a POSIX shell, but neither GPUs nor Kubernetes nor root, and leaves nothing behind. Exit code 1 says that some
program got other arguments than without Bitfusion, or that the webhook answered otherwise than it should.

Examples:
  bwki demo
  bwki demo | less
`;
