#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { URL } from 'node:url';

// npm links this file before anything is built. In a clone it runs the source, which the published package has not.
const source = new URL('../src/main.ts', import.meta.url);
if (existsSync(source)) {
  const { runFromSource } = await import(new URL('../../../tools/from-source.js', import.meta.url).href);
  await runFromSource(source);
} else {
  await import(new URL('../dist/main.js', import.meta.url).href);
}
