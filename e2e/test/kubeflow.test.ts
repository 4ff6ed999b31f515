/** What of Kubeflow can be asked without its controllers. @needs training-operator */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isTemplateKind, mutatePodTemplate } from '@bwki/pod-mutator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { poll, type ApiObject, type ControlPlane } from '../harness/index.ts';
import { applyDefinitions } from './support/definitions.ts';
import { containersOf, isInjected, unitsOf } from './support/gpu-pod.ts';
import { examples, goldens } from './support/manifests.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { inNamespace } from './support/pod-in-namespace.ts';
import { startSecondWebhook } from './support/second-webhook.ts';
import { toolsOfRun } from './support/tools-of-run.ts';
import { examplePolicy, startWebhookOn, type WebhookOnCluster } from './support/webhook-on-cluster.ts';

const { spec: profile } = parse(readFile('profile.yaml')) as {
  readonly spec: { readonly resourceQuotaSpec: object };
};
const { spec: podDefault } = parse(readFile('pod-default.yaml')) as {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly annotations: Readonly<Record<string, string>>;
  };
};
const { spawnerFormDefaults: form } = parse(readFile('spawner-ui-config.yaml')) as {
  readonly spawnerFormDefaults: {
    readonly gpus: { readonly value: { readonly vendor: string } };
    readonly configurations: { readonly value: readonly string[] };
  };
};
/** The form writes each configuration that is chosen as a label. */
const chosen = Object.fromEntries(form.configurations.value.map((label) => [label, 'true']));

/** Training jobs as users write them, and with the mutation in their templates. MPIJobs of v2 are another operator's. */
const jobs = [...examples(), ...goldens()]
  .filter(({ object }) => isTemplateKind(object) && object.apiVersion === 'kubeflow.org/v1')
  .filter(({ object }) => object.kind !== 'Notebook')
  .flatMap(({ name, object, policy, imageConfigs }) => {
    const outcome = mutatePodTemplate(object, policy, { imageConfigs });
    return outcome.ok && outcome.value.patch.length > 0
      ? [[name, object, outcome.value.mutatedObject()] as const]
      : [];
  });

describe.runIf(hasOwnControlPlane())('Kubeflow', () => {
  let plane: ControlPlane;
  let onCluster: WebhookOnCluster;
  let namespace: string;

  beforeAll(async () => {
    plane = await ownControlPlane();
    onCluster = await startWebhookOn(plane, { policy: examplePolicy() });
    namespace = await plane.createNamespace('team');
    for (const definition of Object.values(toolsOfRun('training-operator'))) {
      await applyDefinitions(plane, definition);
    }
    const quota = {
      ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'kf-resource-quota', namespace } },
      spec: profile.resourceQuotaSpec,
    };
    await plane.api.create(quota);
    await poll(
      async () => ((await plane.api.read(quota))['status'] as { readonly used?: object }).used && true,
      { what: 'the quota to be counted', within: 15_000 },
    );
  });
  afterAll(async () => {
    await onCluster[Symbol.asyncDispose]();
    await plane[Symbol.asyncDispose]();
  });

  it('its definitions take training jobs without an unknown field, before and after the mutation', async () => {
    expect(new Set(jobs.map(([, { kind }]) => kind))).toEqual(new Set(['PyTorchJob', 'TFJob']));
    for (const [, before, after] of jobs) {
      for (const job of [before, after])
        await plane.api.create(inNamespace(job, namespace), { dryRun: true });
    }
  });

  it('deploy/kubeflow: a notebook with the vendor and the configuration gets the client, and whole GPUs of its team', async () => {
    // Under the name that Kubeflow gives the configuration of its webhook, which does this with a PodDefault.
    await using held = new AsyncDisposableStack();
    const podDefaults = await startSecondWebhook(plane, {
      name: 'admission-webhook-mutating-webhook-configuration',
      namespace,
      patch: ({ metadata }) =>
        Object.entries(podDefault.selector.matchLabels).every(([key, is]) => metadata.labels?.[key] === is)
          ? [{ op: 'add', path: '/metadata/annotations', value: podDefault.annotations }]
          : undefined,
    });
    held.use(podDefaults);
    const pod = await create('first', chosen);
    expect(unitsOf(pod)).toEqual({ first: '400' });
    const [container] = containersOf(pod);
    expect(container?.command).toEqual(['start-notebook.sh']);
    const mounts = container?.volumeMounts?.map(({ mountPath }) => mountPath);
    expect(mounts).toContain('/home/jovyan/.bitfusion');
    await expect(create('second', chosen)).rejects.toThrow('exceeded quota: kf-resource-quota');
    expect(isInjected(await create('unchosen', {}))).toBe(false);
  });

  /** Creates a pod as one of a notebook is, which asks for four GPUs by the vendor of the form. */
  async function create(name: string, labels: Readonly<Record<string, string>>): Promise<ApiObject> {
    const limits = { [form.gpus.value.vendor]: 4 };
    const { body } = await plane.api.create({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels } },
      spec: {
        containers: [
          {
            name,
            image: 'notebook.example/jupyter:1',
            command: ['start-notebook.sh'],
            resources: { limits },
          },
        ],
      },
    });
    return body;
  }
});

function readFile(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../deploy/kubeflow', name), 'utf8');
}
