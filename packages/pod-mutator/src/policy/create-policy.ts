import type { Result } from '@bwki/plain-data';

import { policySchema } from './policy-schema.ts';
import type { Policy, PolicyConfig, PolicyFault } from './policy.ts';

/**
 * Checks a configuration once and freezes it. Every fault is listed, and nothing unknown is let through: a
 * misspelt setting is a fault, not a default.
 */
export function createPolicy(config: PolicyConfig = {}): Result<Policy, readonly PolicyFault[]> {
  const parsed = policySchema.safeParse(config);
  if (parsed.success) return { ok: true, value: deepFreeze(parsed.data) };
  return {
    ok: false,
    error: parsed.error.issues.map((issue) => ({
      code: 'POLICY_INVALID',
      field: fieldText(issue.path),
      detail: issue.message,
    })),
  };
}

function fieldText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? String(step) : `.${String(step)}`;
  }
  return text;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}
