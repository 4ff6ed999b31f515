import type { CliErrorCode } from '../cli-error-codes.ts';
import type { Fault } from '../fault.ts';
import type { Io } from '../io.ts';
import { systemCode } from '../system-code.ts';
import { parseManifestFile, type ManifestFile } from './manifest-file.ts';

/** The name by which standard input is asked for, and the one that messages give it. */
const stdinArgument = '-';
const stdinName = '<stdin>';

export interface Manifests {
  /** Of all files, those that could not be read too, in the order in which they were asked for. */
  readonly names: readonly string[];
  readonly files: readonly ManifestFile[];
  /** Of all documents of all files. */
  readonly faults: readonly Fault[];
}

/** Reads files of manifests, `-` being standard input. Every fault is listed; nothing is thrown for any input. */
export async function readManifests(paths: readonly string[], io: Io): Promise<Manifests> {
  const read = await Promise.all(paths.map((path) => readManifestFile(path, io)));
  return {
    names: read.flatMap(({ names }) => names),
    files: read.flatMap(({ files }) => files),
    faults: read.flatMap(({ faults }) => faults),
  };
}

async function readManifestFile(path: string, io: Io): Promise<Manifests> {
  const name = path === stdinArgument ? stdinName : path;
  const fault = (code: CliErrorCode, message: string): Manifests => ({
    names: [name],
    files: [],
    faults: [{ code, message, file: name }],
  });

  let bytes: Uint8Array;
  try {
    bytes = await (path === stdinArgument ? io.readStdin() : io.readFile(path));
  } catch (error) {
    return fault('INPUT_UNREADABLE', unreadableText(error));
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fault('INPUT_NOT_UTF8', 'is not UTF-8 text');
  }
  const { file, faults } = parseManifestFile({ name, text });
  if (faults.length > 0) return { names: [name], files: [file], faults };
  if (file.documents.every(({ value }) => value === null)) return fault('INPUT_EMPTY', 'holds no object');
  return {
    names: [name],
    files: [file],
    faults: file.documents.flatMap((document) => shapeFault(file, document) ?? []),
  };
}

/** A document of another kind is no fault, one that is no object at all is. */
function shapeFault(file: ManifestFile, document: ManifestFile['documents'][number]): Fault | undefined {
  const { value, number, yaml } = document;
  if (value === null || (typeof value === 'object' && !Array.isArray(value))) return undefined;
  return {
    code: 'INPUT_NOT_AN_OBJECT',
    message: `is ${Array.isArray(value) ? 'a list' : `a ${typeof value}`}, not a Kubernetes object`,
    file: file.name,
    document: number,
    position: file.positionAt(yaml.contents?.range?.[0] ?? 0),
  };
}

function unreadableText(error: unknown): string {
  const code = systemCode(error);
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'is a directory: name the files in it';
    case 'EACCES':
      return 'may not be read by this user';
    default:
      return `cannot be read: ${code}`;
  }
}
