/** What a container gets with its devices; what is left out it does not get. */
export interface ContainerAllocation {
  readonly envs?: Readonly<Record<string, string>>;
  readonly mounts?: readonly Mount[];
  readonly devices?: readonly DeviceNode[];
  /** For the container runtime, not on the pod. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Qualified names of the Container Device Interface: `vendor.com/class=name`. Kubernetes >= 1.29. */
  readonly cdiDevices?: readonly string[];
}

export interface Mount {
  readonly containerPath: string;
  readonly hostPath: string;
  /** Default true. */
  readonly readOnly?: boolean;
}

export interface DeviceNode {
  readonly hostPath: string;
  /** Default: the path on the host. */
  readonly containerPath?: string;
  /** Some of r (read), w (write), m (make nodes). Default `rw`. */
  readonly permissions?: string;
}
