import { setTimeout as delay } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { poll, type ControlPlane } from '../harness/index.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import {
  bareNamespace,
  putSource,
  readSecret,
  secretOf,
  shippedAccount,
  startCopies,
  tokenData,
  type CopiesOnCluster,
} from './support/token-copies.ts';

const label = 'bwki.bitfusion.io/token-copy';

describe.runIf(hasOwnControlPlane())('token copies, with the shipped roles', () => {
  let plane: ControlPlane;
  let kubeconfig: string;
  let ours: CopiesOnCluster;

  beforeAll(async () => {
    plane = await ownControlPlane();
    kubeconfig = await shippedAccount(plane);
    ours = await startCopies(kubeconfig);
  });
  afterAll(async () => {
    await ours[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  const dataOf = async (namespace: string): Promise<unknown> =>
    (await readSecret(plane, namespace))?.['data'];
  const until = (namespace: string, version: string, within = 5000): Promise<true> =>
    poll(
      async () => {
        const data = await dataOf(namespace);
        return JSON.stringify(data) === JSON.stringify(tokenData(version)) ? true : undefined;
      },
      { what: `token ${version} in ${namespace}`, within, every: 10 },
    );

  it('B52: without a source the fault has the command, which then is all that it takes', async () => {
    const namespace = await bareNamespace(plane);
    const ensured = await ours.copies.ensure(namespace, AbortSignal.timeout(20_000));
    const detail = ensured.ok ? '' : ensured.error.detail;
    const [, command = ''] = /`kubectl (create secret generic [^`]*)`/.exec(detail) ?? [];
    expect(command).toMatch(/^create secret generic bitfusion-secret -n kube-system --from-file=ca\.crt/);
    const literals = command.replaceAll(/--from-file=(\S+)/g, '--from-literal=$1=x');
    expect((await plane.kubectl(literals.split(' '))).status).toBe(0);
    expect(await ours.ensure(namespace)).toBeUndefined();
    expect(await dataOf(namespace)).toEqual({
      'ca.crt': 'eA==',
      'client.yaml': 'eA==',
      'servers.conf': 'eA==',
    });
  });

  it('B52: the copy is there when it answers, and costs no call the next time', async () => {
    await putSource(plane, '1');
    const namespace = await bareNamespace(plane);
    expect(await ours.ensure(namespace)).toBeUndefined();
    const copy = await readSecret(plane, namespace);
    expect(copy?.['data']).toEqual(tokenData('1'));
    expect(copy?.metadata.labels).toEqual({ [label]: 'true' });
    const calls = async (): Promise<number> =>
      (await plane.auditLog()).filter(({ userAgent }) => userAgent === 'bwki-webhook').length;
    const before = await calls();
    const start = performance.now();
    for (let i = 0; i < 1000; i += 1) expect(await ours.ensure(namespace)).toBeUndefined();
    console.log(`a current copy: ${((performance.now() - start) / 1000).toFixed(3)} ms`);
    expect(await calls()).toBe(before);
  });

  it('B52: a new token reaches 50 copies within 2 s', async () => {
    await putSource(plane, '2');
    const namespaces = await Promise.all(Array.from({ length: 50 }, () => bareNamespace(plane)));
    await Promise.all(namespaces.map((namespace) => ours.ensure(namespace)));
    await putSource(plane, '3');
    const start = performance.now();
    await Promise.all(namespaces.map((namespace) => until(namespace, '3')));
    const milliseconds = performance.now() - start;
    console.log(`50 copies after ${milliseconds.toFixed(0)} ms`);
    expect(milliseconds).toBeLessThan(2000);
  });

  it('B52: a copy deleted by hand is made again', async () => {
    await putSource(plane, '4');
    const namespace = await bareNamespace(plane);
    await ours.ensure(namespace);
    await plane.api.remove(secretOf(namespace, {}));
    await until(namespace, '4');
  });

  it('B52: a copy without our label, as the original made it, is adopted and follows its source', async () => {
    await putSource(plane, '5');
    const namespace = await bareNamespace(plane);
    await plane.api.create(secretOf(namespace, tokenData('5')));
    await poll(async () => (await readSecret(plane, namespace))?.metadata.labels?.[label], {
      what: 'the label',
      within: 5000,
    });
    await putSource(plane, '6');
    await until(namespace, '6');
  });

  it("B52: a user's own secret of that name is left as it is", async () => {
    const namespace = await bareNamespace(plane);
    await plane.api.create(secretOf(namespace, { password: 'eA==' }));
    const before = await readSecret(plane, namespace);
    expect(await ours.ensure(namespace)).toBe('TOKEN_SECRET_FOREIGN');
    await putSource(plane, '7');
    await delay(500);
    expect(await readSecret(plane, namespace)).toEqual(before);
  });

  it('B52: a deleted source is reported, and copies stay', async () => {
    await putSource(plane, '8');
    const namespace = await bareNamespace(plane);
    await ours.ensure(namespace);
    await plane.api.remove(secretOf('kube-system', {}));
    const isReported = async (): Promise<true | undefined> =>
      (await ours.outcomes())['source_deleted'] === 1 ? true : undefined;
    await poll(isReported, { what: 'the report', within: 5000 });
    expect(await dataOf(namespace)).toEqual(tokenData('8'));
    await putSource(plane, '8');
    expect(await ours.ensure(namespace)).toBeUndefined();
  });

  it('B52: a namespace that is deleted, or is none, is reported and not tried again', async () => {
    await putSource(plane, '9');
    const namespace = await bareNamespace(plane);
    await ours.ensure(namespace);
    // A finalizer keeps it terminating.
    const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', namespace } };
    await plane.api.create({
      ...held,
      metadata: { ...held.metadata, finalizers: ['example.com/held'] },
    });
    await plane.api.remove({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await poll(async () => ((await readSecret(plane, namespace)) === undefined ? true : undefined), {
      what: 'the copy to go with its namespace',
      within: 20_000,
    });
    expect(await ours.ensure(namespace)).toBe('TOKEN_NAMESPACE_GONE');
    const attempts = async (): Promise<number> =>
      (await plane.auditLog()).filter(
        ({ verb, objectRef }) => verb === 'create' && objectRef?.namespace === namespace,
      ).length;
    // An API server writes down what it has done when it has answered.
    await delay(500);
    const before = await attempts();
    await putSource(plane, '10');
    await delay(500);
    expect(await attempts()).toBe(before);
    await plane.api.merge(held, { metadata: { finalizers: null } });
    expect(await ours.ensure('never-was')).toBe('TOKEN_NAMESPACE_GONE');
  });

  it('B52: two replicas race to the same end', async () => {
    await putSource(plane, '11');
    await using other = await startCopies(kubeconfig);
    const namespaces = await Promise.all(Array.from({ length: 30 }, () => bareNamespace(plane)));
    const asked = namespaces.flatMap((namespace) => [ours.ensure(namespace), other.ensure(namespace)]);
    expect((await Promise.all(asked)).filter((code) => code !== undefined)).toEqual([]);
    for (const version of ['12', '13', '14']) await putSource(plane, version);
    await Promise.all(namespaces.map((namespace) => until(namespace, '14')));
    for (const namespace of namespaces) await plane.api.remove(secretOf(namespace, {}));
    await Promise.all(namespaces.map((namespace) => until(namespace, '14')));
    expect(other.log.join('')).not.toMatch(/"level":"(warn|error)"/);
  });

  /** Before the restarts: an API server that has just started denies everything until it has read the roles. */
  it('B58: the shipped roles are enough, and no rule of them is left unused', async () => {
    const account = 'system:serviceaccount:bwki:bitfusion-webhook-deployment';
    const events = (await plane.auditLog()).filter(({ user }) => user.username === account);
    const denied = events.filter(
      ({ annotations }) => annotations?.['authorization.k8s.io/decision'] === 'forbid',
    );
    expect(denied).toEqual([]);
    const uses = new Set(events.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource ?? ''}`));
    expect([...uses].sort()).toEqual([
      'create secrets',
      'get namespaces',
      'get secrets',
      'list namespaces',
      'list secrets',
      'update secrets',
      'watch namespaces',
      'watch secrets',
    ]);
    const can = async (verb: string, secret: string): Promise<string> =>
      (
        await plane.kubectl(['auth', 'can-i', verb, secret, '-A', `--kubeconfig=${kubeconfig}`])
      ).stdout.trim();
    expect(await can('get', 'secrets/bitfusion-secret')).toBe('yes');
    expect(await can('get', 'secrets/another')).toBe('no');
    expect(await can('delete', 'secrets/bitfusion-secret')).toBe('no');
  });

  it.each(['graceful', 'crash'] as const)(
    'B52: an API server that restarts (%s) is found again, with all that happened meanwhile',
    async (end) => {
      await putSource(plane, `before ${end}`);
      const namespace = await bareNamespace(plane);
      await ours.ensure(namespace);
      await plane.restartApiServer({ end });
      await putSource(plane, `after ${end}`);
      await until(namespace, `after ${end}`, 10_000);
      const fresh = await bareNamespace(plane);
      expect(await ours.ensure(fresh)).toBeUndefined();
    },
  );

  it('B52: a start while the API server is down waits and recovers', async () => {
    const namespace = await bareNamespace(plane);
    let late: CopiesOnCluster | undefined;
    let waiting: Promise<string | undefined> | undefined;
    await plane.restartApiServer({
      meanwhile: async () => {
        late = await startCopies(kubeconfig);
        waiting = late.ensure(namespace);
        await delay(300);
        expect(late.copies.unready()).toEqual([
          'secrets bitfusion-secret are not known yet',
          'the key of the token copies is not known yet',
        ]);
      },
    });
    expect(await waiting).toBeUndefined();
    expect(late?.copies.unready()).toEqual([]);
    await late?.[Symbol.asyncDispose]();
  });

  it('nothing of a token gets into the log', () => {
    expect(ours.log.join('')).not.toMatch(/t0ken|dDBrZW4|servers \d|ca \d/);
    expect(ours.log.length).toBeGreaterThan(100);
  });
});
