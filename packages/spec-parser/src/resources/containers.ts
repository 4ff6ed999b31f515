import { isJsonObject, type JsonObject } from '@bwki/plain-data';
import type { Quantity } from '@bwki/quota-calc';
import { required, typeInvalid } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import { readGpuResources } from './gpu-resources.ts';
import { arrayAt, objectAt } from '../pod/json.ts';
import type { ContainerGpuRequest } from '../pod/request.ts';
import { ResourceFields } from './resource-fields.ts';
import { asksForGpu } from './resources.ts';

/** In the order in which a request lists them; ephemeral containers cannot have resources. */
const lists = ['initContainers', 'containers'] as const;

const empty: JsonObject = Object.freeze({});

/** What a container takes that is only named. */
const nothingAsked = { gpu: undefined, units: 0n } as const;

/** What a container is to us before it is read; most ask for nothing, and no more of them is looked at. */
type Glance = 'asks' | 'malformed' | 'nothing';

/** The path of the first container that asks for a GPU, rightly or not. */
export function findAsking(spec: unknown, specPath: FieldPath): FieldPath | undefined {
  if (!isJsonObject(spec)) return undefined;
  for (const list of lists) {
    const containers = spec[list];
    if (!Array.isArray(containers)) continue;
    const index = containers.findIndex((container: unknown) => glanceAt(container) === 'asks');
    if (index >= 0) return specPath.child(list).index(index);
  }
  return undefined;
}

/**
 * The containers that ask for GPUs (B15) or are named (B4a). Faults are reported of these, and of what is no
 * container at all; a faulty container is left out.
 */
export function readContainers(
  spec: JsonObject,
  specPath: FieldPath,
  named: ReadonlySet<string>,
  totalMemory: Quantity | undefined,
  findings: Findings,
): ContainerGpuRequest[] {
  const requests: ContainerGpuRequest[] = [];
  for (const list of lists) {
    const listPath = specPath.child(list);
    arrayAt(spec[list], listPath, findings).forEach((container, index) => {
      const glance = glanceAt(container);
      const isNamed = isJsonObject(container) && isIn(named, container['name']);
      if (glance === 'nothing' && !isNamed) return;
      const path = listPath.index(index);
      if (!isJsonObject(container)) {
        findings.errors.push(typeInvalid(path, 'SPEC_TYPE_INVALID', container, 'an object'));
        return;
      }
      const fields = resourceFields(container, path, findings);
      if (glance !== 'asks' && !isNamed) return;
      const name = readName(container, path, findings);
      const counted = glance === 'asks' ? readGpuResources(fields, totalMemory, findings) : nothingAsked;
      if (name === undefined || counted === undefined) return;
      requests.push({ ref: { list, index, name }, gpu: counted.gpu, units: counted.units });
    });
  }
  return requests;
}

function isIn(names: ReadonlySet<string>, name: unknown): boolean {
  return typeof name === 'string' && names.has(name);
}

function glanceAt(container: unknown): Glance {
  if (!isJsonObject(container)) return 'malformed';
  const resources = container['resources'];
  if (resources === undefined || resources === null) return 'nothing';
  if (!isJsonObject(resources)) return 'malformed';
  const limits = glanceAtNames(resources['limits']);
  if (limits === 'asks') return limits;
  const requests = glanceAtNames(resources['requests']);
  return requests === 'nothing' ? limits : requests;
}

function glanceAtNames(resourceList: unknown): Glance {
  if (resourceList === undefined || resourceList === null) return 'nothing';
  if (!isJsonObject(resourceList)) return 'malformed';
  return Object.keys(resourceList).some(asksForGpu) ? 'asks' : 'nothing';
}

function resourceFields(container: JsonObject, containerPath: FieldPath, findings: Findings): ResourceFields {
  const path = containerPath.child('resources');
  const resources = objectAt(container['resources'], path, findings);
  const limits = objectAt(resources?.['limits'], path.child('limits'), findings);
  const requests = objectAt(resources?.['requests'], path.child('requests'), findings);
  return new ResourceFields(limits ?? empty, requests ?? empty, path, findings);
}

/** A name is needed: the container's own directory bears it. */
function readName(container: JsonObject, containerPath: FieldPath, findings: Findings): string | undefined {
  const name = container['name'];
  if (typeof name === 'string' && name !== '') return name;
  const path = containerPath.child('name');
  const isAbsent = name === undefined || name === null || name === '';
  findings.errors.push(
    isAbsent
      ? required(path, 'SPEC_CONTAINER_NAME_REQUIRED', '')
      : typeInvalid(path, 'SPEC_TYPE_INVALID', name, 'a string'),
  );
  return undefined;
}
