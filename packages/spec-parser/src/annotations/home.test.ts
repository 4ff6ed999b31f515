import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorsOf, gpuContainer, gpuPod, parse, warningsOf } from '../../test/pods.ts';
import type { PodLike } from '../pod/pod.ts';

const field = 'metadata.annotations[bitfusion-client/home]';

function homeOf(home: unknown): string | undefined {
  return parse(gpuPod({ 'bitfusion-client/home': home })).request?.home;
}

describe('bitfusion-client/home', () => {
  it.each([
    [undefined, '/root'],
    ['', '/root'],
    ['/home/jovyan', '/home/jovyan'],
    ['/home/jovyan/', '/home/jovyan'],
    [' /home//jovyan/./ ', '/home/jovyan'],
    ['//root//', '/root'],
    ['/home/..jovyan', '/home/..jovyan'],
    ['/home/with blank', '/home/with blank'],
    ['/', '/'],
    ['//./', '/'],
  ])('B4: %j is %j', (value, home) => {
    expect(homeOf(value)).toBe(home);
    expect(errorsOf(gpuPod({ 'bitfusion-client/home': value }))).toEqual([]);
  });

  it.each([
    ['home/jovyan', 'must be an absolute path'],
    ['~', 'must be an absolute path'],
    ['$HOME', 'must be an absolute path'],
    ['/home/../etc', "must not contain '..'"],
    ['/..', "must not contain '..'"],
    ['/home/a:b', "must not contain ':'"],
    ['/home/a\u0000b', 'must not contain control characters'],
  ])('B4: %j is refused', (value, detail) => {
    const { errors, request } = parse(gpuPod({ 'bitfusion-client/home': value }));
    expect(errors).toEqual([{ type: 'Invalid', field, value, detail, code: 'SPEC_HOME_INVALID' }]);
    expect(request?.home).toBe('/root');
  });

  it('B4: is no longer than a path may be', () => {
    const longest = `/${'a'.repeat(3999)}`;
    expect(homeOf(longest)).toBe(longest);
    expect(errorsOf(gpuPod({ 'bitfusion-client/home': `${longest}a` }))).toEqual([
      `${field}: Too long: may not be more than 4000 characters`,
    ]);
  });

  it('B4: whatever is given, the home is absolute, and normalised', () => {
    const text = fc.string({ unit: fc.constantFrom('/', '.', 'a', ':', ' '), maxLength: 20 });
    fc.assert(
      fc.property(text, (value) => {
        expect(homeOf(`/${value}`)).toMatch(/^(\/|(\/(?!\.{1,2}(\/|$))[^/:]+)+)$/);
      }),
    );
  });
});

describe('the warning of an unknown home', () => {
  const withUser = (container: object, pod?: object): PodLike => {
    const { metadata } = gpuPod();
    const containers = [gpuContainer({ securityContext: container })];
    const spec = { containers, ...(pod === undefined ? {} : { securityContext: pod }) };
    return { ...(metadata === undefined ? {} : { metadata }), spec };
  };
  it.each([
    [{ runAsUser: 1000 }, undefined, 'spec.containers[0].securityContext.runAsUser', 'runs as user 1000'],
    [{}, { runAsUser: 1000 }, 'spec.securityContext.runAsUser', 'runs as user 1000'],
    [{ runAsUser: 7 }, { runAsUser: 0 }, 'spec.containers[0].securityContext.runAsUser', 'runs as user 7'],
    [{ runAsNonRoot: true }, {}, 'spec.containers[0].securityContext.runAsNonRoot', 'does not run as root'],
    [{}, { runAsNonRoot: true }, 'spec.securityContext.runAsNonRoot', 'does not run as root'],
  ])('B4: names the container and the annotation: %j in a pod of %j', (container, pod, path, as) => {
    const message = `container "main" ${as}: set bitfusion-client/home to its home`;
    const { errors, warnings } = parse(withUser(container, pod));
    expect(errors).toEqual([]);
    expect(warnings).toEqual([{ code: 'SPEC_HOME_UNKNOWN', field: path, message }]);
  });

  it('B4: fits into a warning with the longest name that a container may have', () => {
    const name = `n${'a'.repeat(61)}z`;
    const pod = gpuPod({}, [gpuContainer({ name, securityContext: { runAsUser: 65_534 } })]);
    expect(warningsOf(pod)).toEqual([
      expect.stringMatching(
        /^container "na+\.\.\.a+z" runs as user 65534: set bitfusion-client\/home to its home$/,
      ),
    ]);
  });

  it.each([
    [{}, undefined],
    [{ runAsUser: 0 }, undefined],
    [{ runAsUser: 0 }, { runAsUser: 1000 }],
    [{ runAsNonRoot: false }, { runAsNonRoot: true }],
    [{ runAsUser: '1000' }, undefined],
  ])('B4: is silent where the user is root or not known: %j in a pod of %j', (container, pod) => {
    expect(warningsOf(withUser(container, pod))).toEqual([]);
  });

  it('B4: is silent where the home is given, even if it is /root', () => {
    const container = gpuContainer({ securityContext: { runAsUser: 1000 } });
    expect(warningsOf(gpuPod({ 'bitfusion-client/home': '/root' }, [container]))).toEqual([]);
  });

  it.each(['home', `/${'a'.repeat(5000)}`])('B4: is silent where the home given was refused', (home) => {
    const container = gpuContainer({ securityContext: { runAsUser: 1000 } });
    const { errors, warnings } = parse(gpuPod({ 'bitfusion-client/home': home }, [container]));
    expect(errors).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it('B4: is silent of containers that get no client', () => {
    const other = { name: 'other', securityContext: { runAsUser: 1000 } };
    expect(warningsOf(gpuPod({}, [gpuContainer(), other]))).toEqual([]);
  });
});

describe('the home of each container', () => {
  const container = (name: string, home?: string): object =>
    gpuContainer({ name, ...(home !== undefined && { env: [{ name: 'HOME', value: home }] }) });
  const homesOf = (annotation: string | undefined, ...containers: object[]): unknown => {
    const { request, errors } = parse(gpuPod({ 'bitfusion-client/home': annotation }, containers));
    return errors.length > 0
      ? errors.map(({ code, field }) => `${code} ${field}`)
      : request?.containers.map(({ home }) => home);
  };
  const value = 'spec.containers[0].env[0].value';

  it.each<[string, string | undefined, object[], string[]]>([
    ['the literal HOME', undefined, [container('a', '/workspace'), container('b')], ['/workspace', '/root']],
    ['the annotation', '/home/x', [container('a'), container('b')], ['/home/x', '/home/x']],
    ['both, the same', '/home/x/', [container('a', '/home/x')], ['/home/x']],
    ['a list', 'a=/home/a, b=/', [container('a'), container('b'), container('c')], ['/home/a', '/', '/root']],
    ['a list and HOME', 'a=/home/a', [container('a'), container('b', '/b')], ['/home/a', '/b']],
    ['a reference', undefined, [container('a', '$(BASE)/a')], ['/root']],
    ['an empty HOME', undefined, [container('a', '')], ['/root']],
    ['HOME that contradicts', '/home/x', [container('a', '/y')], [`SPEC_HOME_CONTRADICTS ${value}`]],
    ['HOME that contradicts a list', 'a=/x', [container('a', '/y')], [`SPEC_HOME_CONTRADICTS ${value}`]],
    ['HOME that is no path', undefined, [container('a', 'home')], [`SPEC_HOME_INVALID ${value}`]],
    ['an unknown name', 'a=/x,z=/y', [container('a')], [`SPEC_CONTAINER_UNKNOWN ${field}`]],
    ['a list with a slip', 'a=/x,/y', [container('a')], [`SPEC_HOME_INVALID ${field}`]],
    ['a name twice', 'a=/x,a=/y', [container('a')], [`SPEC_HOME_INVALID ${field}`]],
  ])('B84: %s', (_, annotation, containers, homes) => {
    expect(homesOf(annotation, ...containers)).toEqual(homes);
  });

  it('B84: the last of several HOME counts, and one from elsewhere is not known', () => {
    const env = [
      { name: 'HOME', value: '/a' },
      { name: 'HOME', value: '/b' },
    ];
    const valueFrom = { fieldRef: { fieldPath: 'metadata.name' } };
    expect(homesOf(undefined, gpuContainer({ env }))).toEqual(['/b']);
    expect(homesOf('/x', gpuContainer({ env: [...env, { name: 'HOME', valueFrom }] }))).toEqual(['/x']);
  });

  it('B84: a user with a literal HOME needs no annotation', () => {
    const pod = gpuPod({}, [
      gpuContainer({ securityContext: { runAsUser: 1000 }, env: [{ name: 'HOME', value: '/home/jovyan' }] }),
    ]);
    expect(warningsOf(pod)).toEqual([]);
  });
});
