import { type Log, StartFault } from '@bwki/daemon';
import { err, type Result } from '@bwki/plain-data';
import type { Policy } from '@bwki/pod-mutator';

import type { Metrics } from '../metrics.ts';
import { readTexts, watchFiles, type FileTexts } from '../watch-file.ts';
import type { PolicySource } from './policy-source.ts';
import { readPolicy, type PolicySettings } from './read-policy.ts';

export interface PolicyFileOptions {
  readonly settings: PolicySettings;
  readonly pollMs: number;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * The policy of a file, such as that of a mounted ConfigMap, taken anew when it changes (B56). A broken one is
 * refused with every fault, and the last good one stays; at the start that is a `StartFault`.
 */
export async function policyFile(options: PolicyFileOptions): Promise<PolicySource & Disposable> {
  const { settings, pollMs, log, metrics } = options;
  const paths = settings.file === undefined ? [] : [settings.file];
  const texts = await readTexts(paths);
  const first = policyOf(texts, settings);
  if (!first.ok) throw new StartFault(first.error);

  let current = first.value;
  metrics.policyReloadSuccessful.set(1);
  const onChange = (changed: FileTexts): void => {
    const next = policyOf(changed, settings);
    metrics.policyReloads.inc({ outcome: next.ok ? 'loaded' : 'refused' });
    metrics.policyReloadSuccessful.set(next.ok ? 1 : 0);
    if (next.ok) {
      current = next.value;
      log.info('configuration loaded');
    } else {
      log.error({ faults: next.error }, 'configuration refused, the last good one stays');
    }
  };
  const watch = paths.length === 0 ? undefined : watchFiles({ paths, texts, intervalMs: pollMs, onChange });
  return {
    current: () => current,
    [Symbol.dispose]: () => watch?.[Symbol.dispose](),
  };
}

function policyOf([text]: FileTexts, settings: PolicySettings): Result<Policy, readonly string[]> {
  if (text === undefined || typeof text === 'string') return readPolicy(text, settings);
  return err([`${settings.file ?? 'configuration'}: cannot be read (${text.code ?? text.message})`]);
}
