import { Enums, Models, Serialize, Spec, SPDX } from '@cyclonedx/cyclonedx-library';

/** One line of a software bill of materials. */
export interface Part {
  readonly kind: 'application' | 'library';
  /** `@scope/name` for a package of npm. */
  readonly name: string;
  readonly version: string;
  /** An SPDX licence or expression; undefined where the image has the licence's text alone. */
  readonly license?: string;
  /** Package URL, such as `pkg:npm/koa@3.3.0`. */
  readonly purl?: string;
  /** The name that vulnerability databases have for it, where they have no package URL. */
  readonly cpe?: Models.Component['cpe'];
}

const kinds = { application: Enums.ComponentType.Application, library: Enums.ComponentType.Library };
const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));

/** A CycloneDX document (1.6, JSON) without a time or a serial number: the same parts give the same bytes. */
export function softwareBill(subject: Part, parts: readonly Part[]): string {
  const bom = new Models.Bom();
  bom.metadata.component = component(subject);
  for (const part of parts) bom.components.add(component(part));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function component({ kind, name, version, license, purl, cpe }: Part): Models.Component {
  const scope = name.startsWith('@') ? name.split('/', 1)[0] : undefined;
  const made = new Models.Component(kinds[kind], scope === undefined ? name : name.slice(scope.length + 1), {
    bomRef: purl ?? `${name}@${version}`,
    version,
    ...(scope === undefined ? {} : { group: scope }),
    ...(purl === undefined ? {} : { purl }),
    ...(cpe === undefined ? {} : { cpe }),
  });
  if (license !== undefined && license !== '') made.licenses.add(licenseOf(license));
  return made;
}

function licenseOf(license: string): Models.License {
  return SPDX.isSupportedSpdxId(license)
    ? new Models.SpdxLicense(license)
    : new Models.LicenseExpression(license);
}
