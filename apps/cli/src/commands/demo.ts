import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { demoAssets } from '../demo/asset-paths.ts';
import { demoTable, type DemoRow } from '../demo/demo-table.ts';
import { showObject } from '../demo/show-object.ts';
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

/** `bwki demo`: every example explained, and its commands really run, with a stand-in for the client. */
export async function demo(options: PolicyOptions, io: Io): Promise<ExitCode> {
  const policy = await readPolicy(options, io);
  if (!policy.ok) {
    reportFaults(policy.error, io);
    return exitCodes.badUsage;
  }
  const files = (await readdir(demoAssets.examples)).filter((name) => name.endsWith('.yaml')).sort();
  const read = await readManifests(
    files.map((name) => `examples/${name}`),
    { ...io, readFile: (path) => io.readFile(join(demoAssets.examples, basename(path))) },
  );
  const { documents, faults } = mutateManifests(read.files, policy.value);
  if (read.faults.length + faults.length > 0) {
    reportFaults([...read.faults, ...faults], io, read.names);
    return exitCodes.badInput;
  }

  const style = styleFor(io.stdout, io.env);
  const progress = progressOn(io);
  const signal = io.interruption();
  io.stdout.write(introduction);
  const rows: DemoRow[] = [];
  try {
    await withWorkshop(policy.value, demoAssets.clientImage, signal, async (tryTemplate) => {
      for (const document of documents) {
        for (const object of document.objects) {
          progress.step(`running ${document.file.name}`);
          const { text, row } = await showObject(document, object, policy.value, tryTemplate, style);
          progress.done();
          signal.throwIfAborted();
          io.stdout.write(text);
          rows.push(row);
        }
      }
    });
  } catch (error) {
    // What was running when the user interrupted fails as well.
    if (signal.aborted) return exitCodes.badInput;
    throw error;
  }
  const same = rows.every((row) => row.same);
  io.stdout.write(demoTable(rows, style));
  io.stdout.write(same ? next : '\nNot every program was run as it would have been: see above.\n');
  return same ? exitCodes.success : exitCodes.badInput;
}

const introduction = `Each example's command is run twice on this machine: as it is, and as the webhook would have it run, with a stand-in
for the Bitfusion client. No GPU, no cluster and no root is needed. Its programs only note the arguments they get.

`;

const next = `
Every program got exactly the arguments that it would have had without Bitfusion.
Next: bwki explain -f your-pod.yaml --total-memory 16000, and to see what changes: bwki inject -f your-pod.yaml -o diff
`;

export const demoCommand: AddCommand = (program, io, end) => {
  program
    .command('demo')
    .description('Show every example before and after, and run its commands with a stand-in for the client.')
    .option('--total-memory <memory>', 'memory of one GPU, a number of MB or a quantity', '16000')
    .addHelpText('after', examples)
    .action(async (options: PolicyOptions) => {
      end(await demo(options, io));
    });
};

const examples = `
It needs a POSIX shell, but neither GPUs nor Kubernetes nor root, and leaves nothing behind. Exit code 1 says that some
program got other arguments than without Bitfusion.

Examples:
  bwki demo
  bwki demo | less
`;
