import { err, ok, type Result } from '@bwki/plain-data';

import type { Fault } from './fault.ts';
import type { Io } from './io.ts';

/** The ConfigMap of the installed webhook, and the key of its policy. */
const configMap = 'bwki-webhook-configmap';
const key = 'config.yaml';

/** A text, and the name that faults in it are given with. */
export interface ConfigText {
  readonly name: string;
  readonly text: string;
}

/** The policy of the webhook that is installed in a namespace, read by kubectl with the user's own rights. */
export async function readClusterConfig(namespace: string, io: Io): Promise<Result<ConfigText, Fault>> {
  const name = `configmap/${configMap}[${key}]`;
  const { status, stdout, stderr } = await io.kubectl([
    'get',
    'configmap',
    configMap,
    `--namespace=${namespace}`,
    '--output=json',
  ]);
  if (status !== 0)
    return err(
      unreadable(`kubectl cannot read configmap/${configMap} in ${namespace}: ${firstLine(stderr)}`),
    );
  const text = policyText(stdout);
  if (text === undefined) return err(unreadable(`configmap/${configMap} in ${namespace} has no ${key}`));
  return ok({ name, text });
}

function unreadable(detail: string): Fault {
  return { code: 'CLUSTER_UNREADABLE', message: `--from-cluster: ${detail}` };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}

function policyText(json: string): string | undefined {
  let object: unknown;
  try {
    object = JSON.parse(json);
  } catch {
    return undefined;
  }
  const { data } = (object ?? {}) as { readonly data?: Readonly<Record<string, unknown>> | null };
  const text = data?.[key];
  return typeof text === 'string' ? text : undefined;
}
