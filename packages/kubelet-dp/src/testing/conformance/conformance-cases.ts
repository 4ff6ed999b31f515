import { allocationCases } from './allocation-cases.ts';
import type { ConformanceCase } from './kubelet-under-test.ts';
import { lifeCycleCases } from './life-cycle-cases.ts';
import { listCases } from './list-cases.ts';
import { registrationCases } from './registration-cases.ts';

/**
 * What device plugins rely on in a kubelet. Each case is run against the fake kubelet and against real ones, so that
 * the fake is known to do as they do: `it.each(conformanceCases)('$name', ({ run }) => run(kubelet))`.
 */
export const conformanceCases: readonly ConformanceCase[] = [
  ...registrationCases,
  ...listCases,
  ...lifeCycleCases,
  ...allocationCases,
];
