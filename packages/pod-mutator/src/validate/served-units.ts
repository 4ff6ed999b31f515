import { describeQuotaError, Quantity, unitsOf, type GpuRequest } from '@bwki/quota-calc';
import {
  annotations,
  resources as resourceNames,
  type FieldError,
  type FieldPath,
  type PodContainer,
} from '@bwki/spec-parser';

/** `bitfusion.io/gpu` as it stands in one list of a container's resources. */
interface PresentUnits {
  readonly list: 'limits' | 'requests';
  readonly value: unknown;
}

function unitsOfContainer({ resources }: PodContainer): readonly PresentUnits[] {
  return (['limits', 'requests'] as const).flatMap((list) => {
    const value = resources.valueIn(list, resourceNames.units);
    return value === undefined ? [] : [{ list, value }];
  });
}

/** B13: units of a container that no mutation served. */
export function unitsByHand(place: PodContainer): readonly FieldError[] {
  const [first] = unitsOfContainer(place);
  if (first === undefined) return [];
  return [
    {
      type: 'Forbidden',
      code: 'VALIDATION_UNITS_BY_HAND',
      field: unitsPath(place.path, first.list).toString(),
      detail: `is reckoned from ${resourceNames.amount} with ${resourceNames.percent} or ${resourceNames.memory}: ask for those, and annotate the pod with ${annotations.mode}: all or injection`,
    },
  ];
}

/**
 * B53: units of a container that was served: those that its request comes to, in limits and requests.
 *
 * @param request undefined for a container that was only named (B4a), which has none
 */
export function checkServedUnits(
  place: PodContainer,
  request: GpuRequest | undefined,
  totalMemory: Quantity | undefined,
): readonly FieldError[] {
  if (request === undefined) return unitsByHand(place);
  const present = unitsOfContainer(place);
  const units = unitsOf(request, totalMemory);
  if (!present.some(({ list }) => list === 'limits')) {
    const field = unitsPath(place.path, 'limits').toString();
    const should = units.ok ? `must be ${units.value}, which its request comes to` : '';
    return [{ type: 'Required', code: 'VALIDATION_UNITS_MISSING', field, detail: should }];
  }
  const detail = units.ok
    ? `must be ${units.value}, which its request comes to`
    : describeQuotaError(units.error);
  return present
    .filter(({ value }) => !units.ok || !isInteger(value, units.value))
    .map(({ list, value }) => ({
      type: 'Invalid',
      code: 'VALIDATION_UNITS_DIFFER',
      field: unitsPath(place.path, list).toString(),
      value,
      detail,
    }));
}

function unitsPath(container: FieldPath, list: 'limits' | 'requests'): FieldPath {
  return container.child('resources').child(list).key(resourceNames.units);
}

function isInteger(value: unknown, units: bigint): boolean {
  const parsed = Quantity.fromJson(value);
  return parsed.ok && parsed.value.isInteger() && parsed.value.value() === units;
}
