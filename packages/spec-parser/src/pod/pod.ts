/**
 * The part of a Pod that is read, here and by what builds on the request. `V1Pod` of `@kubernetes/client-node` and
 * `Pod` of `kubernetes-types` are assignable to it.
 *
 * Every field is optional: the API server judges a pod, and it does so after the webhooks. `parsePod` expects any
 * JSON value behind these types.
 */
export interface PodLike {
  readonly metadata?: ObjectMetaLike;
  readonly spec?: PodSpecLike;
}

export interface ObjectMetaLike {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface PodSpecLike {
  readonly initContainers?: readonly ContainerLike[];
  readonly containers?: readonly ContainerLike[];
  readonly volumes?: readonly VolumeLike[];
  readonly imagePullSecrets?: readonly LocalObjectReferenceLike[];
  readonly securityContext?: PodSecurityContextLike;
  /** The pod-level resources of Kubernetes 1.32 and later. */
  readonly resources?: ResourceRequirementsLike;
  readonly os?: PodOsLike;
}

export interface PodOsLike {
  /** `linux` or `windows`. */
  readonly name?: string;
}

export interface LocalObjectReferenceLike {
  readonly name?: string;
}

export interface ContainerLike {
  readonly name?: string;
  readonly image?: string;
  readonly imagePullPolicy?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVarLike[];
  readonly envFrom?: readonly EnvFromSourceLike[];
  readonly resources?: ResourceRequirementsLike;
  readonly volumeMounts?: readonly VolumeMountLike[];
  readonly securityContext?: SecurityContextLike;
  /** `Always` makes an init container a native sidecar. */
  readonly restartPolicy?: string;
}

export interface EnvVarLike {
  readonly name?: string;
  readonly value?: string;
  /** Whatever Kubernetes offers as a source; only its presence is read. */
  readonly valueFrom?: object;
}

export interface EnvFromSourceLike {
  readonly prefix?: string;
  readonly configMapRef?: object;
  readonly secretRef?: object;
}

export interface ResourceRequirementsLike {
  readonly limits?: ResourceListLike;
  readonly requests?: ResourceListLike;
}

/** Resource name to quantity: text, or a number as YAML gives it for an unquoted one. */
export type ResourceListLike = Readonly<Record<string, string | number>>;

export interface SecurityContextLike {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
}

export interface PodSecurityContextLike extends SecurityContextLike {
  readonly fsGroup?: number;
}

export interface VolumeMountLike {
  readonly name?: string;
  readonly mountPath?: string;
  readonly subPath?: string;
  readonly subPathExpr?: string;
  readonly readOnly?: boolean;
}

export interface VolumeLike {
  readonly name?: string;
  readonly emptyDir?: object;
  readonly projected?: ProjectedVolumeLike;
}

export interface ProjectedVolumeLike {
  readonly defaultMode?: number;
  readonly sources?: readonly VolumeProjectionLike[];
}

export interface VolumeProjectionLike {
  readonly secret?: SecretProjectionLike;
}

export interface SecretProjectionLike {
  readonly name?: string;
  readonly items?: readonly KeyToPathLike[];
  readonly optional?: boolean;
}

export interface KeyToPathLike {
  readonly key?: string;
  readonly path?: string;
  readonly mode?: number;
}
