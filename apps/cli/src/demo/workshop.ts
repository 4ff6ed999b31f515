import { join } from 'node:path';

import type { Policy, TemplateMutation } from '@bwki/pod-mutator';

import { makeClientImage } from './client-image.ts';
import { installHostTools } from './host-tools.ts';
import { tryTemplate, type ContainerTrialOutcome } from './try-template.ts';
import { withTemporaryDirectory } from './with-temporary-directory.ts';

/** Runs a template's containers without the mutation and with it. */
export type TryTemplate = (template: TemplateMutation) => Promise<readonly ContainerTrialOutcome[]>;

/**
 * Calls `use` with a place to run containers in: a temporary directory with a client image, where every template
 * gets a directory of its own. All is gone afterwards.
 *
 * @param scripts where `populate` and `launcher` of the client image are
 * @param signal ends what is running; what is tried afterwards fails
 */
export function withWorkshop<T>(
  policy: Policy,
  scripts: string,
  signal: AbortSignal,
  use: (tryOne: TryTemplate) => Promise<T>,
): Promise<T> {
  return withTemporaryDirectory(async (directory) => {
    const tools = join(directory, 'tools');
    await installHostTools(tools);
    const clients = policy.catalog.entries.filter((client) => client.kind === 'package');
    const image = await makeClientImage(join(directory, 'image'), scripts, clients);
    let count = 0;
    return use((template) => {
      count += 1;
      return tryTemplate(template, {
        policy,
        image,
        tools,
        directory: join(directory, String(count)),
        signal,
      });
    });
  });
}
