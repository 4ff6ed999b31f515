import { join } from 'node:path';

const apps = join(import.meta.dirname, '../../../apps');

/** A module of an app, by its path: what an app reads from its surroundings is no part of its package. */
export async function fromApp<T>(file: string): Promise<T> {
  return (await import(join(apps, file))) as T;
}
