/** The parts of Kubernetes objects that a mutation writes. What it only reads is in `@bwki/spec-parser`. */

export interface EnvVar {
  readonly name: string;
  readonly value: string;
}

export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: true;
}

export interface KeyToPath {
  readonly key: string;
  readonly path: string;
}

export interface SecretProjection {
  readonly secret: { readonly name: string; readonly items: readonly KeyToPath[] };
}

export type Volume =
  | { readonly name: string; readonly emptyDir: Readonly<Record<string, never>> }
  | { readonly name: string; readonly projected: { readonly sources: readonly SecretProjection[] } };

export interface ResourceRequirements {
  readonly limits?: Readonly<Record<string, string>>;
  readonly requests?: Readonly<Record<string, string>>;
}

/** The init container that fills the volume (B39), with the hardening that Pod Security `restricted` asks for. */
export interface PopulateContainer {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly resources?: ResourceRequirements;
  readonly securityContext: {
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly runAsNonRoot?: boolean;
    readonly allowPrivilegeEscalation: false;
    readonly readOnlyRootFilesystem: true;
    readonly capabilities: { readonly drop: readonly ['ALL'] };
    readonly seccompProfile: { readonly type: 'RuntimeDefault' };
  };
  readonly volumeMounts: readonly VolumeMount[];
}
