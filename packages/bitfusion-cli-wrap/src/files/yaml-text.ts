import { err, isJsonObject, ok, type Result } from '@bwki/plain-data';
import { LineCounter, parseDocument } from 'yaml';

/** Text that is not YAML. No part of the text is repeated, since it may be secret. */
export interface YamlFault {
  readonly code: 'YAML_INVALID';
  /** From 1; undefined when the fault is in no single line (aliases that expand too far). */
  readonly line: number | undefined;
  /** The YAML library's own code, e.g. `BAD_INDENT`. */
  readonly reason: string;
}

/**
 * Reads one YAML document. Every scalar is its text as it is written: the client reads into typed fields, and a token
 * of digits must not become a number.
 */
export function parseYaml(text: string): Result<unknown, readonly YamlFault[]> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    lineCounter,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const faults = document.errors.map(({ code, pos: [start] }): YamlFault => {
    return { code: 'YAML_INVALID', line: lineCounter.linePos(start).line, reason: code };
  });
  if (faults.length > 0) return err(faults);
  try {
    return ok(document.toJS({ maxAliasCount: 100 }));
  } catch {
    // The library throws where aliases have no anchor or expand without bound; its message quotes the text.
    return err([{ code: 'YAML_INVALID', line: undefined, reason: 'BAD_ALIAS_EXPANSION' }]);
  }
}

/** The object's own properties; undefined for a scalar, a list or nothing. */
export function asMap(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isJsonObject(value) ? { ...value } : undefined;
}

/** A scalar that stands for nothing. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === '~' || value === 'null';
}
