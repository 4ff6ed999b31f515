import type { KubeletVersion } from '../kubelet-versions.ts';

/** A kubelet, be it real or not, as the conformance cases use it. */
export interface KubeletUnderTest {
  readonly version: KubeletVersion;
  /** With `kubelet.sock` in it, as the cases reach it. */
  readonly directory: string;
  /** The same as the kubelet calls it: a real one may be in a mount namespace of its own. */
  readonly ownDirectory: string;
  /** How long the node may take to show what the kubelet has heard, in milliseconds. */
  readonly patienceMs: number;
  /** How long it takes at most for a plugin that cannot be reached to be given up, in milliseconds. */
  readonly dialTimeoutMs: number;
  /** Ends the kubelet and starts it again; resolves when it serves its socket. */
  restart(): Promise<void>;
  /** From the node's status; undefined where it does not name the resource. */
  capacity(resourceName: string): Promise<number | undefined>;
  allocatable(resourceName: string): Promise<number | undefined>;
  /**
   * Has a pod started on the node, past the scheduler, with a container for each count. Resolves when all run; rejects
   * with an error whose message is what the pod's status says, once that is that it cannot run.
   */
  startPod(resourceName: string, ...counts: readonly number[]): Promise<PodUnderTest>;
}

export interface PodUnderTest {
  /** Resolves when the kubelet has given it up. */
  remove(): Promise<void>;
}

/** One behaviour of kubelets that a device plugin depends on, of every version unless its own say otherwise. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects where the kubelet does otherwise. */
  readonly run: (kubelet: KubeletUnderTest) => Promise<void>;
}
