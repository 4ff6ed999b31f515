/** Writes what is made of the chart: `node main.ts [PATH-OF-HELM]`. Prints the files that have changed. */
import { readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';

import { writtenFiles } from './src/written-files.ts';

const helm = process.argv[2] ?? 'helm';
for (const { path, text } of await writtenFiles(helm)) {
  const before = await readFile(path, 'utf8').catch(() => '');
  if (before === text) continue;
  await writeFile(path, text);
  console.log(`written: ${relative(process.cwd(), path)}`);
}
