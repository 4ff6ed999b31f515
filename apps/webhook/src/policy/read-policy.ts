import { err, type Result } from '@bwki/plain-data';
import { createPolicy, type Policy, type PolicyConfig } from '@bwki/pod-mutator';
import { parseAllDocuments } from 'yaml';

/** Where the policy's settings come from. */
export interface PolicySettings {
  /** A YAML or JSON file with a `PolicyConfig`; undefined for the defaults. */
  readonly file?: string | undefined;
  /** Memory of one GPU; goes before that of the file (B21). */
  readonly totalGpuMemory?: string | undefined;
}

/**
 * The policy that a configuration's text makes.
 *
 * @returns or every fault, one line each, with the file's name
 */
export function readPolicy(
  text: string | undefined,
  { file, totalGpuMemory }: PolicySettings,
): Result<Policy, readonly string[]> {
  const config = readConfig(text ?? '');
  if (!config.ok) return err(config.error.map((fault) => `${file ?? 'configuration'}: ${fault}`));
  const settings = config.value as PolicyConfig;
  const policy = createPolicy(totalGpuMemory === undefined ? settings : { ...settings, totalGpuMemory });
  if (policy.ok) return policy;
  return err(
    policy.error.map(({ field, detail, code }) => {
      const isOverridden = field === 'totalGpuMemory' && totalGpuMemory !== undefined;
      const place = isOverridden ? 'TOTAL_GPU_MEMORY' : (file ?? 'configuration');
      return `${place}: ${field === '' || isOverridden ? '' : `${field}: `}${detail} (${code})`;
    }),
  );
}

/** A file in which all is commented out sets nothing, and may. */
function readConfig(text: string): Result<unknown, readonly string[]> {
  const documents = parseAllDocuments(text, { prettyErrors: true });
  if ('empty' in documents) return { ok: true, value: {} };
  const faults = documents.flatMap(({ errors }) => errors.map(({ message }) => firstLine(message)));
  if (faults.length > 0) return err(faults);
  const [document, second] = documents.filter(({ contents }) => contents !== null);
  if (second !== undefined) return err(['a configuration is one document']);
  const value: unknown = document?.toJS({ maxAliasCount: 100 });
  return { ok: true, value: value ?? {} };
}

/** The parser's next lines show the text, which may hold what a log should not. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0]?.replace(/:$/, '') ?? message;
}
