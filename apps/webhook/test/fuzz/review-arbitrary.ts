import fc from 'fast-check';

import { reviewOf } from '../review.ts';
import { anyJson, anyText, change, changed, printJson } from './json-arbitrary.ts';
import { pod } from './pod-arbitrary.ts';

/** Few namespaces, as in a cluster: each is a label of a metric, and stays. */
const namespace = fc.constantFrom('team-vision', 'team-audio', 'default');

const pods = { group: '', version: 'v1', kind: 'Pod' };

/** Mostly a pod that is being made: whatever else it is, there is little to decide. */
const envelope = fc.record({
  uid: fc.oneof(
    fc.uuid(),
    anyText.filter((text) => text !== ''),
  ),
  operation: fc.oneof(
    { arbitrary: fc.constant('CREATE'), weight: 12 },
    { arbitrary: fc.constantFrom('UPDATE', 'DELETE', 'CONNECT'), weight: 1 },
  ),
  namespace,
  name: fc.constantFrom('train-0', '', 'x'.repeat(300)),
  dryRun: fc.boolean(),
  subResource: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 20 },
    { arbitrary: fc.constantFrom('', 'exec'), weight: 1 },
  ),
  kind: fc.oneof(
    { arbitrary: fc.constant(pods), weight: 20 },
    { arbitrary: fc.constantFrom({ ...pods, group: 'apps' }, { ...pods, kind: 'Deployment' }), weight: 1 },
  ),
  oldObject: fc.oneof({ arbitrary: fc.constant(null), weight: 5 }, { arbitrary: pod, weight: 1 }),
});

const apiVersion = fc.constantFrom('admission.k8s.io/v1', 'admission.k8s.io/v1beta1');

const review = fc
  .tuple(pod, envelope, apiVersion)
  .map(([object, request, version]) => reviewOf(object, request, version));

/** At most three places of the whole, in half of the reviews, hold something else. */
const bentReview = fc
  .tuple(review, fc.oneof(fc.constant([]), fc.array(change, { minLength: 1, maxLength: 3 })))
  .map(([value, changes]) => printJson(changed(value, changes)));

/** A member more, in front of the others or behind them: keys that are there twice, and keys that never should be. */
const intruder = fc.record({
  at: fc.nat(200),
  key: fc.constantFrom(
    '__proto__',
    'constructor',
    'uid',
    'kind',
    'spec',
    'containers',
    'metadata',
    'annotations',
    'limits',
    'name',
    'operation',
  ),
  value: anyJson,
  isLast: fc.boolean(),
});

type Intruder = typeof intruder extends fc.Arbitrary<infer T> ? T : never;

function withMember(text: string, { at, key, value, isLast }: Intruder): string {
  const member = `"${key}":${printJson(value)}`;
  const places = [...text.matchAll(isLast ? /[^{]\}/g : /\{"/g)];
  const index = places[at % Math.max(1, places.length)]?.index;
  if (index === undefined) return text;
  const [start, end] = [text.slice(0, index + 1), text.slice(index + 1)];
  return isLast ? `${start},${member}${end}` : `${start}${member},${end}`;
}

/** The text of an AdmissionReview, or of something like one. */
export const reviewText: fc.Arbitrary<string> = fc
  .tuple(
    bentReview,
    fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, fc.array(intruder, { minLength: 1, maxLength: 2 })),
  )
  .map(([text, intruders]) => intruders.reduce(withMember, text));
