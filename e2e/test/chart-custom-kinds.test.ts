/** Objects of kinds that others define. @needs deploy-tools cert-manager prometheus-operator */
import { renderChart, type Manifest } from '@bwki/manifests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ControlPlane } from '../harness/index.ts';
import { chartVariants } from './support/chart-values.ts';
import { applyDefinitions } from './support/definitions.ts';
import { deployTools } from './support/deploy-tools.ts';
import { hasOwnControlPlane, ownControlPlane } from './support/open-cluster.ts';
import { toolsOfRun } from './support/tools-of-run.ts';

const ofOthers = /^(cert-manager\.io|monitoring\.coreos\.com)\//;

interface Port {
  readonly name: string;
  readonly targetPort?: string;
  readonly containerPort?: number;
}
interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly ports: readonly Port[] }[] };
}
interface ServiceSpec {
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
}
interface MonitorSpec {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly endpoints: readonly { readonly port: string; readonly path: string }[];
}

function render(values: unknown): Promise<readonly Manifest[]> {
  return renderChart({ helm: deployTools().helm, kubernetes: '1.37', values });
}

/** Whether labels have all of a selector's. */
function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

describe.runIf(hasOwnControlPlane())(
  'what the chart has for cert-manager and the Prometheus operator',
  () => {
    let plane: ControlPlane;

    beforeAll(async () => {
      plane = await ownControlPlane({ controllers: false });
      await plane.createNamespace('bwki', { exact: true });
      await applyDefinitions(plane, toolsOfRun('cert-manager')['cert-manager-crds']);
      await applyDefinitions(plane, toolsOfRun('prometheus-operator')['prometheus-operator-crds']);
    });
    afterAll(() => plane[Symbol.asyncDispose]());

    it('is taken as a dry run, without an unknown field', async () => {
      const kinds = new Set<string>();
      for (const values of Object.values(chartVariants)) {
        const items = (await render(values)).filter(({ apiVersion }) => ofOthers.test(apiVersion));
        if (items.length === 0) continue;
        const { status, stdout, stderr } = await plane.kubectl(
          ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--filename=-'],
          JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
        );
        expect([status, stderr]).toEqual([0, '']);
        expect(stdout.split('\n').filter(Boolean)).toHaveLength(items.length);
        for (const { kind } of items) kinds.add(kind);
      }
      expect([...kinds].sort()).toEqual(['Certificate', 'Issuer', 'PrometheusRule', 'ServiceMonitor']);
    });

    it('finds one Service for each ServiceMonitor, whose port is one of the pods that it selects', async () => {
      const rendered = await render({ monitoring: { serviceMonitor: { enabled: true } } });
      const monitors = rendered.filter(({ kind }) => kind === 'ServiceMonitor');
      expect(monitors.map(({ metadata }) => metadata.namespace).sort()).toEqual(['bwki', 'kube-system']);
      for (const monitor of monitors) {
        const { selector, endpoints } = monitor['spec'] as MonitorSpec;
        const here = rendered.filter(({ metadata }) => metadata.namespace === monitor.metadata.namespace);
        const services = here.filter(
          ({ kind, metadata }) => kind === 'Service' && selects(selector.matchLabels, metadata.labels),
        );
        expect(services).toHaveLength(1);
        const service = services[0]?.['spec'] as ServiceSpec;
        const templates = here.flatMap(({ spec }) => {
          const { template } = (spec ?? {}) as { readonly template?: PodTemplate };
          return template !== undefined && selects(service.selector, template.metadata.labels)
            ? [template]
            : [];
        });
        expect(templates).toHaveLength(1);
        const ofPod = templates.flatMap(({ spec }) => spec.containers.flatMap(({ ports }) => ports));
        for (const { port, path } of endpoints) {
          const target = service.ports.find(({ name }) => name === port)?.targetPort;
          expect(
            ofPod.map(({ name }) => name),
            `${monitor.metadata.name} ${path}`,
          ).toContain(target);
        }
      }
    });
  },
);
