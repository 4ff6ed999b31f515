/** Programs that are built together, by one command, from one Go module in `tools/`, and files that come with them. */
export interface ToolSet {
  /** The module's folder in `tools/`. */
  readonly module: string;
  /** Each program's name and the package that it is built from; `.` is the module's own. */
  readonly programs: Readonly<Record<string, string>>;
  /** Files and folders of the modules that are used as they are, such as CustomResourceDefinitions, by names of one's own. */
  readonly files?: Readonly<Record<string, ModuleFile>>;
  readonly tags?: readonly string[];
  readonly linker?: LinkerFlags;
}

export interface ModuleFile {
  /** A module that `go.mod` requires. */
  readonly module: string;
  /** The file or folder in it. */
  readonly path: string;
}

export interface LinkerFlags {
  /** The path of the module whose version in `go.mod` is stamped into the programs. */
  readonly versionOf: string;
  /** For a version without the v: `1.37.1`. */
  readonly flagsFor: (version: string) => readonly string[];
}

/** Without the linker's variables the components call themselves v0.0.0-master. */
function kubernetesVersion(version: string, variablesIn: string): readonly string[] {
  const [major, minor] = version.split('.');
  const variables = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor };
  return Object.entries(variables).map(([name, value]) => `-X ${variablesIn}.${name}=${value ?? ''}`);
}

const kubernetes = {
  versionOf: 'k8s.io/kubernetes',
  flagsFor: (version: string) => kubernetesVersion(version, 'k8s.io/component-base/version'),
} as const;
const oldKubernetes = {
  versionOf: 'k8s.io/kubernetes',
  flagsFor: (version: string) => [
    // Its dependencies reach for functions of Go's runtime that today's linker keeps to itself.
    '-checklinkname=0',
    ...kubernetesVersion(version, 'k8s.io/component-base/version'),
    // The one that its API server answers with at /version.
    ...kubernetesVersion(version, 'k8s.io/client-go/pkg/version'),
  ],
} as const;

/** All that the tests can ask for (docs/adr/0013). Two sets of one module share their compiled packages. */
export const toolSets = {
  'control-plane-1.37': {
    module: 'kubernetes-1.37',
    programs: {
      etcd: 'go.etcd.io/etcd/server/v3',
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    },
    linker: kubernetes,
  },
  'node-1.37': {
    module: 'kubernetes-1.37',
    programs: {
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      kubelet: 'k8s.io/kubernetes/cmd/kubelet',
    },
    linker: kubernetes,
  },
  'sample-device-plugin': {
    module: 'kubernetes-1.37',
    programs: { 'sample-device-plugin': 'k8s.io/kubernetes/test/images/sample-device-plugin' },
    linker: kubernetes,
  },
  'control-plane-1.24': {
    module: 'kubernetes-1.24',
    programs: {
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
    },
    linker: oldKubernetes,
  },
  'node-1.24': {
    module: 'kubernetes-1.24',
    programs: {
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      kubelet: 'k8s.io/kubernetes/cmd/kubelet',
    },
    linker: oldKubernetes,
  },
  containerd: {
    module: 'containerd',
    programs: {
      containerd: 'github.com/containerd/containerd/v2/cmd/containerd',
      'containerd-shim-runc-v2': 'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2',
      ctr: 'github.com/containerd/containerd/v2/cmd/ctr',
    },
    tags: ['no_btrfs', 'no_devmapper', 'no_zfs'],
  },
  'deploy-tools': {
    module: 'deploy-tools',
    programs: {
      helm: 'helm.sh/helm/v4/cmd/helm',
      kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform',
      kustomize: 'sigs.k8s.io/kustomize/kustomize/v5',
    },
  },
  'helm-3': { module: 'helm-3', programs: { helm: 'helm.sh/helm/v3/cmd/helm' } },
  kwok: {
    module: 'kwok',
    programs: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' },
    files: { stages: { module: 'sigs.k8s.io/kwok', path: 'kustomize/stage' } },
  },
  registry: { module: 'registry', programs: { crane: 'github.com/google/go-containerregistry/cmd/crane' } },
  'grpc-go-client': { module: 'grpc-go-client', programs: { 'grpc-go-client': '.' } },
  'cert-manager': {
    module: 'cert-manager',
    programs: { 'cert-manager': '.' },
    files: { 'cert-manager-crds': { module: 'github.com/cert-manager/cert-manager', path: 'deploy/crds' } },
  },
  'prometheus-operator': {
    module: 'prometheus-operator',
    programs: {},
    files: {
      'prometheus-operator-crds': {
        module: 'github.com/prometheus-operator/prometheus-operator',
        path: 'example/prometheus-operator-crd',
      },
    },
  },
  promtool: {
    module: 'prometheus',
    programs: { promtool: 'github.com/prometheus/prometheus/cmd/promtool' },
    // Finding what to scrape in clouds: half of the build.
    tags: ['remove_all_sd'],
  },
  kueue: {
    module: 'kueue',
    programs: {},
    files: { 'kueue-crds': { module: 'sigs.k8s.io/kueue', path: 'config/components/crd/bases' } },
  },
  'training-operator': {
    module: 'training-operator',
    programs: {},
    files: {
      'pytorchjob-crd': {
        module: 'github.com/kubeflow/training-operator',
        path: 'manifests/base/crds/kubeflow.org_pytorchjobs.yaml',
      },
      'tfjob-crd': {
        module: 'github.com/kubeflow/training-operator',
        path: 'manifests/base/crds/kubeflow.org_tfjobs.yaml',
      },
    },
  },
} as const satisfies Record<string, ToolSet>;

export type ToolSetName = keyof typeof toolSets;

/** Absolute paths of a set's programs and files. */
export type Programs<Name extends ToolSetName> = Readonly<
  Record<keyof (typeof toolSets)[Name]['programs'] | FileNames<(typeof toolSets)[Name]>, string>
>;

type FileNames<Set> = Set extends { readonly files: infer Files } ? keyof Files : never;

/** The sets that a run has. */
export type Toolbox = { readonly [Name in ToolSetName]?: Programs<Name> };

export function isToolSetName(name: string): name is ToolSetName {
  return Object.hasOwn(toolSets, name);
}

/** What a set has, by name; throws when the run has not provided it. */
export function programsOf<Name extends ToolSetName>(toolbox: Toolbox, name: Name): Programs<Name> {
  const programs: Toolbox[Name] = toolbox[name];
  if (programs === undefined) {
    throw new Error(`this run has no ${name}: name it in the test file's first comment, after @needs`);
  }
  return programs;
}
