import { err, isJsonObject, ok, type Result } from '@bwki/plain-data';
import { misplacedAnnotations, type FieldError, type Warning } from '@bwki/spec-parser';

import { planPod, type PlannedPod } from '../plan-pod.ts';
import type { MutateOptions } from '../plan/plan-mutation.ts';
import type { ImageConfigs } from '../policy/image-config.ts';
import type { Policy } from '../policy/policy.ts';
import { fieldPathOf, podTemplates, type PodTemplate } from './pod-templates.ts';
import { templateKindOf, templateKinds, type ObjectKind, type TemplatePath } from './template-kinds.ts';

export interface TemplateOptions {
  /** What an object without `apiVersion` and `kind` is, as an element of a `DeploymentList` is a Deployment. */
  readonly known?: ObjectKind | undefined;
  /** Where the templates of an object of any kind are; in place of what is known of its kind. */
  readonly templates?: readonly TemplatePath[] | undefined;
}

export interface PlannedTemplate {
  readonly template: PodTemplate;
  readonly planned: PlannedPod;
}

export interface PlannedTemplates {
  readonly templates: readonly PlannedTemplate[];
  readonly warnings: readonly Warning[];
}

/** Finds the templates of an object, and decodes and plans each. */
export function planTemplates(
  object: object,
  policy: Policy,
  options: MutateOptions & TemplateOptions,
): Result<PlannedTemplates, readonly FieldError[]> {
  const { known, templates: paths } = options;
  const kind = paths === undefined ? templateKindOf(object, known) : { group: '', kind: '', paths };
  if (kind === undefined) return err([unsupportedKind(object, known)]);
  const templates = podTemplates(object, kind).map((template) => planTemplate(template, policy, options));
  const warnings = templates.flatMap(({ planned }) => planned.warnings);
  return ok({ templates, warnings: [...misplacedIn(templates), ...warnings] });
}

function planTemplate(template: PodTemplate, policy: Policy, options: MutateOptions): PlannedTemplate {
  const paths = {
    specPath: fieldPathOf(template.specPath),
    metadataPath: fieldPathOf(template.metadataPath),
  };
  const imageConfigs = withDefaultCommand(template, options.imageConfigs);
  const planned = planPod(template.pod, policy, { ...options, imageConfigs }, paths);
  const { singleContainer } = template;
  if (singleContainer === undefined) return { template, planned };
  const list = paths.specPath.child('containers').index(0).toString();
  const field = paths.specPath.child(singleContainer).toString();
  const placed = <F extends { readonly field: string }>(finding: F): F =>
    finding.field.startsWith(list)
      ? { ...finding, field: field + finding.field.slice(list.length) }
      : finding;
  return {
    template,
    planned: {
      ...planned,
      errors: planned.errors.map(placed),
      warnings: planned.warnings.map(placed),
    },
  };
}

/** What the controller would run, in place of what the image says, for containers that say nothing themselves. */
function withDefaultCommand(
  { pod, defaultCommand }: PodTemplate,
  imageConfigs: ImageConfigs | undefined,
): ImageConfigs | undefined {
  const containers: unknown = pod.spec?.containers;
  const first: unknown = Array.isArray(containers) ? containers[0] : undefined;
  if (defaultCommand === undefined || !isJsonObject(first)) return imageConfigs;
  const { command, args, image } = first;
  const saysNothing = [command, args].every((list) => !Array.isArray(list) || list.length === 0);
  if (!saysNothing) return imageConfigs;
  const [program = '', ...rest] = defaultCommand;
  const config = { entrypoint: [program], cmd: rest };
  return new Map([...(imageConfigs ?? []), [typeof image === 'string' ? image : '', ok(config)]]);
}

/** Our annotations on the workload, where nothing reads them, unless a template has them as well. */
function misplacedIn(templates: readonly PlannedTemplate[]): readonly Warning[] {
  const [first] = templates;
  if (first === undefined) return [];
  const read = (key: string): boolean =>
    templates.some(({ planned }) => Object.hasOwn(planned.parsed.reading.annotations, key));
  const place = fieldPathOf([...first.template.metadataPath, 'annotations']).toString();
  const seen = new Set<string>();
  return templates
    .flatMap(({ template }) => template.owners)
    .flatMap(({ metadata, path }) =>
      misplacedAnnotations(metadata, fieldPathOf(path), ['annotations', 'labels'], read, place),
    )
    .filter(({ field }) => {
      const isNew = !seen.has(field);
      seen.add(field);
      return isNew;
    });
}

function unsupportedKind(object: object, known: ObjectKind = {}): FieldError {
  const own = isJsonObject(object) ? object : {};
  const kinds = new Set(templateKinds.map(({ kind }) => kind));
  return {
    type: 'NotSupported',
    code: 'TEMPLATE_KIND_UNSUPPORTED',
    field: 'kind',
    value: own['kind'] ?? known.kind,
    detail: `supported kinds: ${[...kinds].join(', ')}`,
  };
}
