import { invalid, tooLong, type FieldError } from '../findings/field-error.ts';
import type { FieldPath } from '../findings/field-path.ts';
import type { Findings } from '../findings/findings.ts';
import { quote } from '../findings/quote.ts';
import type { PodContainer } from '../pod/read-pod.ts';
import { annotations } from './annotations.ts';
import type { PodAnnotations } from './pod-annotations.ts';

/** Root's home, which is right wherever an image does not choose another user. */
const defaultHome = '/root';

/** Leaves `<home>/.bitfusion/<file>` below the 4096 bytes of a path that Linux takes. */
const maxLength = 4000;

const controlCharacter = /\p{Cc}/u;

/** Where each container's client looks for `.bitfusion`. */
export interface ContainerHomes {
  /** The home of containers that name none of their own. */
  readonly path: string;
  /** The containers that the annotation lists with a home of their own. */
  readonly listed: ReadonlySet<string>;
  /**
   * The home of one container: the annotation's, else its literal variable HOME, else root's. An error where the two
   * contradict each other.
   */
  of(place: PodContainer): string;
  /** Whether the pod says where this container's home is. */
  isGivenFor(place: PodContainer): boolean;
}

/** Reads `bitfusion-client/home`: one path for all containers, or `name=path` with commas between. */
export function readHomes(podAnnotations: PodAnnotations, findings: Findings): ContainerHomes {
  const text = podAnnotations.read(annotations.home);
  const path = podAnnotations.path(annotations.home);
  // A refused annotation speaks for all containers: what else is wrong is seen once it is mended.
  const isList = text?.startsWith('/') === false && text.includes('=');
  const all = text === undefined || isList ? undefined : readPath(text, path, findings);
  const byName = isList ? readList(text, path, findings) : new Map<string, string>();
  const given = ({ ref }: PodContainer): string | undefined => byName.get(ref.name) ?? all;
  return {
    path: all ?? defaultHome,
    listed: new Set(byName.keys()),
    of(place) {
      const named = given(place);
      const variable = homeVariable(place);
      if (variable === undefined) return named ?? defaultHome;
      const isContradiction = named !== undefined && named !== variable.path;
      if (isContradiction) findings.errors.push(contradiction(place, variable, named));
      if (named !== undefined) return named;
      const fault = faultOf(variable.text);
      if (fault !== undefined) {
        findings.errors.push(invalid(variable.field, 'SPEC_HOME_INVALID', variable.text, fault));
      }
      return fault === undefined ? variable.path : defaultHome;
    },
    isGivenFor: (place) => given(place) !== undefined || homeVariable(place) !== undefined,
  };
}

/** The default, with an error, where the text cannot be a mount path. */
function readPath(text: string, field: FieldPath, findings: Findings): string {
  if (text.length > maxLength) {
    findings.errors.push(tooLong(field, 'SPEC_HOME_TOO_LONG', maxLength));
    return defaultHome;
  }
  const fault = faultOf(text);
  if (fault === undefined) return normalised(text);
  findings.errors.push(invalid(field, 'SPEC_HOME_INVALID', text, fault));
  return defaultHome;
}

function readList(text: string, field: FieldPath, findings: Findings): Map<string, string> {
  const homes = new Map<string, string>();
  for (const item of text.split(',')) {
    if (item.trim() === '') continue;
    const sign = item.indexOf('=');
    const name = item.slice(0, sign).trim();
    if (sign < 0 || name === '') {
      const detail = 'must be container=path, such as train=/root,notebook=/home/jovyan';
      findings.errors.push(invalid(field, 'SPEC_HOME_INVALID', item.trim(), detail));
    } else if (homes.has(name)) {
      const detail = `names container ${quote(name)} twice`;
      findings.errors.push(invalid(field, 'SPEC_HOME_INVALID', item.trim(), detail));
    } else {
      homes.set(name, readPath(item.slice(sign + 1).trim(), field, findings));
    }
  }
  return homes;
}

interface HomeVariable {
  readonly text: string;
  readonly path: string;
  readonly field: FieldPath;
}

/** Begins a reference to another variable, which only the kubelet resolves. */
const reference = '$(';

/** HOME as the container's own `env` says it; undefined for a value that is known only at run time. */
function homeVariable({ container, path }: PodContainer): HomeVariable | undefined {
  const { env } = container;
  if (env === undefined) return undefined;
  const index = env.findLastIndex(({ name }) => name === 'HOME');
  const variable = env[index];
  if (variable?.value === undefined || variable.valueFrom !== undefined) return undefined;
  const text = variable.value;
  if (text === '' || text.length > maxLength || text.includes(reference)) return undefined;
  return { text, path: normalised(text), field: path.child('env').index(index).child('value') };
}

function contradiction(place: PodContainer, { text, field }: HomeVariable, named: string): FieldError {
  const { name } = place.ref;
  const detail = `${annotations.home} says ${quote(named)} for container ${quote(name)}: make the two equal, or give each container its own with ${annotations.home}: ${name}=PATH`;
  return invalid(field, 'SPEC_HOME_CONTRADICTS', text, detail);
}

function normalised(text: string): string {
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  return `/${segments.join('/')}`;
}

/** Why a directory cannot be mounted in this home; the rules of mount paths, in Kubernetes' words. */
function faultOf(text: string): string | undefined {
  if (!text.startsWith('/')) return 'must be an absolute path';
  if (text.split('/').includes('..')) return "must not contain '..'";
  if (text.includes(':')) return "must not contain ':'";
  if (controlCharacter.test(text)) return 'must not contain control characters';
  return undefined;
}
