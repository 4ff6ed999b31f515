import { describe, expect, it } from 'vitest';

import { caBundleOf, emptyState, readState, replicasAnnotation, writeState } from './certificate-state.ts';
import { issueGeneration } from './issue-generation.ts';

const options = { names: ['svc'], now: new Date(), lifeMs: 3600_000, leewayMs: 0 };
const [first, second, third] = await Promise.all([
  issueGeneration(options),
  issueGeneration(options),
  issueGeneration(options),
]);
const seen = new Date('2031-02-03T04:05:06.789Z');
const until = new Date('2031-02-04T04:05:06.789Z');
const state = {
  current: second,
  next: third,
  previousCa: { pem: first.ca, notAfter: first.notAfter },
  replicas: new Map([
    ['a', { serves: second.fingerprint, seen, until }],
    ['__proto__', { serves: first.fingerprint, seen, until }],
  ]),
};

function readAgain(written: ReturnType<typeof writeState>): ReturnType<typeof readState> {
  return readState({
    data: written.data,
    metadata: { resourceVersion: '1', annotations: written.annotations },
  });
}

describe('the state in the secret', () => {
  it('B54: is read as it was written', () => {
    expect(readAgain(writeState(state))).toEqual(state);
    expect(readAgain(writeState({ ...emptyState, current: first }))).toEqual({
      ...emptyState,
      current: first,
    });
  });

  it('B54: has the usual keys for what is served', () => {
    const { data } = writeState({ ...emptyState, current: first });
    expect(data).toEqual({ 'ca.crt': first.ca, 'tls.crt': first.cert, 'tls.key': first.key });
  });

  it('keeps keys out of the annotation', () => {
    expect(JSON.stringify(writeState(state).annotations)).not.toContain('PRIVATE');
  });

  it.each([
    ['nothing', {}],
    [
      'texts that are none of ours',
      { 'tls.crt': 'x', 'tls.key': 'y', 'ca.crt': 'z', 'previous-ca.crt': 'p' },
    ],
    ['a certificate without its key', { 'tls.crt': first.cert, 'ca.crt': first.ca }],
  ])('is empty where the secret holds %s', (_name, data) => {
    expect(readState({ data, metadata: { resourceVersion: '1' } })).toEqual(emptyState);
  });

  it.each([
    '',
    'x',
    'null',
    '[]',
    '7',
    '{"a":null}',
    '{"a":{"serves":1}}',
    '{"a":{"serves":"f","seen":"x"}}',
  ])('names no replica where the annotation is %j', (text) => {
    const metadata = { resourceVersion: '1', annotations: { [replicasAnnotation]: text } };
    expect(readState({ data: {}, metadata }).replicas.size).toBe(0);
  });

  it('lets a replica that does not say for how long be silent for 15 days, as those that did not say it', () => {
    const text = '{"a":{"serves":"f","seen":"2031-02-03T04:05:06.789Z"}}';
    const metadata = { resourceVersion: '1', annotations: { [replicasAnnotation]: text } };
    expect(readState({ data: {}, metadata }).replicas.get('a')).toEqual({
      serves: 'f',
      seen,
      until: new Date('2031-02-18T04:05:06.789Z'),
    });
  });

  it('B54: the bundle stays the same while the serving certificate changes', () => {
    const announced = { ...emptyState, current: first, next: second };
    const previousCa = { pem: first.ca, notAfter: first.notAfter };
    const promoted = { ...emptyState, current: second, previousCa };
    expect(caBundleOf(announced)).toBe(first.ca + second.ca);
    expect(caBundleOf(promoted)).toBe(first.ca + second.ca);
    expect(caBundleOf(emptyState)).toBe('');
  });

  it('B54: the bundle has each mark on a line of its own, though a stored CA lacks its last newline', () => {
    const edited = { ...emptyState, current: { ...first, ca: first.ca.trimEnd() }, next: second };
    expect(caBundleOf(edited)).toBe(first.ca + second.ca);
  });
});
