/**
 * `node --conditions=@bwki/source main.ts build|push|save`: behind `make build-image`, `push-image` and `save-image`.
 * The variables are those of src/settings.ts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { buildImages } from './src/build-images.ts';
import { findEngine, pushCommand, saveCommand } from './src/engine.ts';
import { archiveOf, readSettings } from './src/settings.ts';
import { sourceState } from './src/source-state.ts';

const workspace = join(import.meta.dirname, '../../..');
const output = join(workspace, 'dist/images');

async function execute([program = '', ...args]: readonly string[]): Promise<void> {
  console.log(['+', program, ...args].join(' '));
  const child = spawn(program, args, { stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`${program} ${args[0] ?? ''} failed`);
}

async function run(action: string): Promise<void> {
  const settings = readSettings(process.env);
  const engine = await findEngine(settings.engine);
  const references = Object.values(settings.references);
  switch (action) {
    case 'build': {
      const source = await sourceState(workspace);
      await buildImages({
        ...settings,
        engine,
        workspace,
        stagingDirectory: join(output, 'staged'),
        nodePackage: dirname(createRequire(import.meta.url).resolve('node/package.json')),
        epoch: settings.epoch ?? source.epoch,
        revision: settings.revision ?? source.revision,
        sourceUrl: settings.sourceUrl ?? source.url,
        log: console.log,
        execute,
      });
      return;
    }
    case 'push':
      if (settings.repository.startsWith('localhost/')) {
        throw new Error(
          `IMAGE_REPO is ${settings.repository}, which is this machine alone: set it for build-image and push-image ` +
            'to a registry of yours, such as IMAGE_REPO=registry.example.com/bwki',
        );
      }
      for (const reference of references) await execute(pushCommand(engine, reference));
      return;
    case 'save':
      await mkdir(output, { recursive: true });
      for (const reference of references) {
        const file = archiveOf(output, reference);
        // An engine may refuse to write into an archive that is there.
        await rm(file, { force: true });
        await execute(saveCommand(engine, reference, file));
      }
      return;
    default:
      throw new Error(`'${action}' is no action: build, push or save`);
  }
}

try {
  await run(process.argv[2] ?? '');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
