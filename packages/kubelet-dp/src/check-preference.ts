import type { PreferContainer } from './device-plugin.ts';
import { DevicePluginError } from './device-plugin-error.ts';
import { foldIds } from './fold-ids.ts';

/**
 * Checks that a plugin prefers as many devices as it was asked for, each once, each available, and all that have to be
 * included.
 * @throws DevicePluginError DEVICE_PREFERENCE_INVALID
 */
export function checkPreference(
  preferred: readonly string[],
  { availableIds, mustIncludeIds, size }: Omit<PreferContainer, 'signal'>,
): void {
  const chosen = new Set(preferred);
  if (chosen.size !== preferred.length) throw invalid('some devices come twice');
  if (chosen.size !== size) throw invalid(`${size} devices are asked for, and it prefers ${chosen.size}`);
  const available = new Set(availableIds);
  const strange = preferred.filter((id) => !available.has(id));
  if (strange.length > 0) throw invalid(`${foldIds(strange)} are not available`);
  const missing = mustIncludeIds.filter((id) => !chosen.has(id));
  if (missing.length > 0) throw invalid(`${foldIds(missing)} have to be included`);
}

function invalid(fault: string): DevicePluginError {
  return new DevicePluginError('DEVICE_PREFERENCE_INVALID', `what the plugin prefers is no choice: ${fault}`);
}
