import { unitsPerGpu, type Quantity } from '@bwki/quota-calc';
import { resources } from '../resources/resources.ts';
import { celString } from './cel-text.ts';
import { memoryRatio } from './memory-ratio.ts';

/** CEL about one container, which stands in the variable `c`. */
export interface ContainerExpressions {
  /** Whether every `bitfusion.io/` resource can be counted: the rules of `parsePod`, for resources alone. */
  readonly isCountable: string;
  /** The units as an integer; 0 where the container asks for nothing. Evaluated only where `isCountable` holds. */
  readonly units: string;
}

const { amount, num, percent, memory, units } = resources;
const limits = 'c.resources.limits';
const hasLimits = 'has(c.resources) && has(c.resources.limits)';

/** @param totalMemory bytes of one GPU; undefined refuses requests for memory */
export function containerExpressions(totalMemory: Quantity | undefined): ContainerExpressions {
  return {
    isCountable: `(!(${hasLimits}) || (${countableLimits(totalMemory)})) && (${countableRequests})`,
    units: `(!(${hasLimits}) ? 0 : ${has(units)} ? ${whole(units)} : ${requestedUnits(totalMemory)})`,
  };
}

function requestedUnits(totalMemory: Quantity | undefined): string {
  const share = `${has(percent)} ? ${gpus} * ${whole(percent)} : ${unitsPerGpu} * ${gpus}`;
  const counted =
    totalMemory === undefined ? share : `${has(memory)} ? ${memoryUnits(totalMemory)} : ${share}`;
  return `!(${has(amount)} || ${has(num)}) ? 0 : ${counted}`;
}

/** Either name; `isCountable` refuses both at once. */
const gpus = `(${has(amount)} ? ${whole(amount)} : ${whole(num)})`;

/** One rounding, at the end, as `unitsOf` of `@bwki/quota-calc` rounds. */
function memoryUnits(totalMemory: Quantity): string {
  const { numerator, denominator } = memoryRatio(totalMemory);
  return `(${whole(memory)} * ${gpus} * ${numerator} + ${denominator - 1n}) / ${denominator}`;
}

function countableLimits(totalMemory: Quantity | undefined): string {
  const known = [amount, num, percent, memory, units].map(celString).join(', ');
  return [
    `${limits}.all(k, !k.startsWith('bitfusion.io/') || k in [${known}])`,
    `!(${has(amount)} && ${has(num)})`,
    `!(${has(percent)} && ${has(memory)})`,
    `(!(${has(percent)} || ${has(memory)}) || ${has(amount)} || ${has(num)})`,
    `(!${has(units)} || ${limits}.all(k, !k.startsWith('bitfusion.io/gpu-')))`,
    integerFrom(units, '0'),
    integerFrom(amount, '1'),
    integerFrom(num, '1'),
    integerFrom(percent, '1', unitsPerGpu),
    totalMemory === undefined ? `!${has(memory)}` : integerFrom(memory, '1', totalMemory.value()),
  ].join(' && ');
}

/** Extended resources are not overcommitted: a request stands beside an equal limit. */
const countableRequests =
  `!(has(c.resources) && has(c.resources.requests)) || ` +
  `c.resources.requests.all(k, !k.startsWith('bitfusion.io/') || (${hasLimits} && k in ${limits} && ` +
  `isQuantity(string(c.resources.requests[k])) && isQuantity(string(${limits}[k])) && ` +
  `quantity(string(c.resources.requests[k])).compareTo(quantity(string(${limits}[k]))) == 0))`;

function integerFrom(name: string, least: string, greatest?: bigint): string {
  const text = `string(${limits}[${celString(name)}])`;
  const isInteger = `isQuantity(${text}) && quantity(${text}).isInteger() && ${whole(name)} >= ${least}`;
  const bound = greatest === undefined ? '' : ` && ${whole(name)} <= ${greatest}`;
  return `(!${has(name)} || (${isInteger}${bound}))`;
}

function has(name: string): string {
  return `(${celString(name)} in ${limits})`;
}

function whole(name: string): string {
  return `quantity(string(${limits}[${celString(name)}])).asInteger()`;
}
