import { err, ok, type Result } from '@bwki/plain-data';
import { createPolicy, type Policy, type PolicyConfig, type PolicyFault } from '@bwki/pod-mutator';
import { describeQuotaError, parseTotalGpuMemory } from '@bwki/quota-calc';

import { readClusterConfig } from './cluster-config.ts';
import type { Fault } from './fault.ts';
import type { Io } from './io.ts';
import { offsetOfField, parseFieldPath } from './manifest/field-position.ts';
import type { ManifestDocument, ManifestFile } from './manifest/manifest-file.ts';
import { readManifests } from './manifest/read-manifests.ts';

/** The options of every command that reads a pod. */
export interface PolicyOptions {
  /** `--total-memory`. */
  readonly totalMemory?: string | undefined;
  /** `--config`. */
  readonly config?: string | undefined;
  /** `--from-cluster`: the namespace that the webhook is installed in. */
  readonly fromCluster?: string | undefined;
  /** `--client-image`. */
  readonly clientImage?: string | undefined;
}

/** The policy of a call. */
export interface ChosenPolicy {
  readonly policy: Policy;
  /** False where nobody has named a client image, so that the policy's own is no image that can be pulled. */
  readonly hasClientImage: boolean;
}

const environmentName = 'TOTAL_GPU_MEMORY';

/** The policy of a call: flags take precedence over the environment, which takes precedence over the file. */
export async function readPolicy(
  options: PolicyOptions,
  io: Io,
): Promise<Result<ChosenPolicy, readonly Fault[]>> {
  const total = totalMemoryOf(options, io);
  const file = await readConfig(options, io);
  const faults = [...(total.ok ? [] : [total.error]), ...(file?.faults ?? [])];
  if (!total.ok || faults.length > 0) return err(faults);

  const config: PolicyConfig = {
    ...((file?.document?.value ?? {}) as PolicyConfig),
    ...(total.value === undefined ? {} : { totalGpuMemory: total.value }),
    ...(options.clientImage === undefined ? {} : { clientImage: options.clientImage }),
  };
  const policy = createPolicy(config);
  if (policy.ok) return ok({ policy: policy.value, hasClientImage: config.clientImage !== undefined });
  return err(policy.error.map((fault) => placed(fault, options, file)));
}

function placed(
  { code, field, detail }: PolicyFault,
  { clientImage }: PolicyOptions,
  config: ConfigFile | undefined,
): Fault {
  if (field === 'clientImage' && clientImage !== undefined) {
    return { code, message: `--client-image ${JSON.stringify(clientImage)}: ${detail}` };
  }
  const message = field === '' ? detail : `${field}: ${detail}`;
  if (!config?.file || !config.document) return { code, message };
  const position = config.file.positionAt(offsetOfField(config.document.yaml, parseFieldPath(field)));
  return { code, message, file: config.file.name, position };
}

/** What the flag or the environment says; undefined where both are silent, so that the file decides. */
function totalMemoryOf(options: PolicyOptions, { env }: Io): Result<string | undefined, Fault> {
  const [name, text] =
    options.totalMemory === undefined
      ? [environmentName, env[environmentName]]
      : ['--total-memory', options.totalMemory];
  if (text === undefined || text.trim() === '') return ok(undefined);
  const total = parseTotalGpuMemory(text);
  if (total.ok) return ok(text);
  return err({ code: total.error.code, message: `${name}: ${describeQuotaError(total.error)}` });
}

interface ConfigFile {
  /** Undefined where it could not be read. */
  readonly file: ManifestFile | undefined;
  /** Undefined where it sets nothing. */
  readonly document: ManifestDocument | undefined;
  readonly faults: readonly Fault[];
}

async function readConfig(options: PolicyOptions, io: Io): Promise<ConfigFile | undefined> {
  if (options.fromCluster === undefined) {
    return options.config === undefined ? undefined : readConfigFile(options.config, io);
  }
  const read = await readClusterConfig(options.fromCluster, io);
  if (!read.ok) return { file: undefined, document: undefined, faults: [read.error] };
  const { name, text } = read.value;
  return readConfigFile(name, { ...io, readFile: () => Promise.resolve(new TextEncoder().encode(text)) });
}

async function readConfigFile(path: string, io: Io): Promise<ConfigFile> {
  const manifests = await readManifests([path], io);
  const [file] = manifests.files;
  // A file in which all is commented out sets nothing, and may.
  const faults = manifests.faults.filter(({ code }) => code !== 'INPUT_EMPTY');
  const [document, second] = file?.documents.filter(({ value }) => value !== null) ?? [];
  if (!file || !second || faults.length > 0) return { file, document, faults };
  const position = file.positionAt(second.yaml.contents?.range?.[0] ?? 0);
  const message = 'a configuration is one document';
  return { file, document, faults: [{ code: 'INPUT_NOT_AN_OBJECT', message, file: file.name, position }] };
}
