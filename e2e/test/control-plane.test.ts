import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ControlPlane } from '../harness/index.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  spec: { containers: [{ name: 'main', image: 'busybox' }] },
} as const;

describe.runIf(hasOwnControlPlane())('control plane', () => {
  let plane: ControlPlane;
  let milliseconds: number;

  beforeAll(async () => {
    const started = performance.now();
    plane = await ownControlPlane();
    milliseconds = performance.now() - started;
  });
  afterAll(() => plane[Symbol.asyncDispose]());

  it('is ready within 15 s when its programs are built', () => {
    console.log(`control plane ready after ${(milliseconds / 1000).toFixed(1)} s`);
    expect(milliseconds).toBeLessThan(15_000);
  });

  it('is Kubernetes 1.37, and so is its kubectl', async () => {
    const { status, stdout } = await plane.kubectl(['version', '--output=json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      clientVersion: { major: '1', minor: '37', gitVersion: 'v1.37.1' },
      serverVersion: { major: '1', minor: '37', gitVersion: 'v1.37.1' },
    });
  });

  it('takes a pod in a fresh namespace, under its default service account', async () => {
    const namespace = await plane.createNamespace('pods');
    const { body } = await plane.api.create({ ...pod, metadata: { name: 'one', namespace } });
    expect(body['spec']).toMatchObject({ serviceAccountName: 'default' });
  });

  it('refuses what a service account is not bound to, and allows what it is', async () => {
    const namespace = await plane.createNamespace('rbac');
    const kubeconfig = await plane.serviceAccountKubeconfig(namespace, 'default');
    const can = (verb: string) =>
      plane.kubectl(['auth', 'can-i', verb, 'pods', '-n', namespace, `--kubeconfig=${kubeconfig}`]);
    expect((await can('list')).stdout.trim()).toBe('no');

    const name = 'pod-lister';
    await plane.api.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name, namespace },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }],
    });
    await plane.api.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
    });
    expect((await can('list')).stdout.trim()).toBe('yes');
    expect((await can('delete')).stdout.trim()).toBe('no');
  });

  it('writes every request into its audit log, with user and verb', async () => {
    const namespace = await plane.createNamespace('audit');
    await plane.api.create({ ...pod, metadata: { name: 'heard', namespace } });
    const events = await plane.auditLog();
    expect(
      events.find(({ verb, objectRef }) => verb === 'create' && objectRef?.name === 'heard'),
    ).toMatchObject({
      user: { username: 'admin' },
      objectRef: { resource: 'pods', namespace },
      responseStatus: { code: 201 },
    });
  });

  it.each(['graceful', 'crash'] as const)(
    'keeps its objects over a restart (%s) of the API server',
    async (end) => {
      const namespace = await plane.createNamespace('restart');
      await plane.api.create({ ...pod, metadata: { name: 'kept', namespace } });
      let whileDown: unknown;
      await plane.restartApiServer({
        end,
        meanwhile: async () => {
          whileDown = await plane.api.send('GET', '/readyz').catch((error: unknown) => error);
        },
      });
      expect(whileDown).toBeInstanceOf(Error);
      const read = await plane.api.read({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'kept', namespace },
      });
      expect(read.metadata.name).toBe('kept');
      // The controllers found the new one.
      await plane.createNamespace('after-restart');
    },
  );
});
