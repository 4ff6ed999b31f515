import type { ObjectExplanation } from './explanation-text.ts';

/** An explanation for programs. Units are decimal text, as Kubernetes has them: they may exceed 2^53. */
export function explanationJson({ kind, name, place, templates, warnings }: ObjectExplanation): unknown {
  return {
    file: place.file,
    document: place.document,
    line: place.position?.line,
    kind,
    name,
    pods: templates.map(({ path, replicas, request, units, sum, containers }) => ({
      path,
      replicas,
      units: String(units),
      sum,
      mode: request?.mode ?? 'none',
      client: request && { os: request.client.os, version: request.client.version },
      filters: request?.filters,
      home: request?.home,
      containers: containers.map((container) => ({
        ...container,
        units: String(container.units),
      })),
    })),
    warnings: warnings.map(({ code, message, position }) => ({ code, message, ...position })),
  };
}
