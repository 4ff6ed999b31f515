import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { packagesOf } from '../src/bundled-packages.ts';
import { temporaryDirectory } from './temporary-directory.ts';

describe('the packages of a bundle', () => {
  it('are listed by name, a version that npm has put in two places once', async () => {
    const root = temporaryDirectory();
    const put = async (place: string, name: string, version: string): Promise<string> => {
      const directory = join(root, 'node_modules', place);
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'package.json'), JSON.stringify({ name, version, license: 'MIT' }));
      return join(directory, 'index.js');
    };
    const modules = [
      await put('koa/node_modules/mime-db', 'mime-db', '1.54.0'),
      await put('accepts/node_modules/mime-db', 'mime-db', '1.54.0'),
      await put('mime-db', 'mime-db', '1.52.0'),
      await put('accepts', 'accepts', '2.0.0'),
    ];
    const found = await packagesOf(modules);
    expect(found.map(({ name, version }) => `${name}@${version}`)).toEqual([
      'accepts@2.0.0',
      'mime-db@1.52.0',
      'mime-db@1.54.0',
    ]);
  });
});
