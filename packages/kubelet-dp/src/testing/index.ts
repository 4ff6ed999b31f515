export { AllocationError, type Allocation } from './allocator.ts';
export { conformanceCases } from './conformance/conformance-cases.ts';
export type { ConformanceCase, KubeletUnderTest, PodUnderTest } from './conformance/kubelet-under-test.ts';
export type { EventWaitOptions, WaitOptions } from './event-log.ts';
export { startFakeKubelet, type FakeKubelet, type FakeKubeletOptions } from './fake-kubelet.ts';
export type { KubeletEvent, KubeletEventKind, KubeletEventOf } from './kubelet-event.ts';
export type { FaultScope, KubeletFault } from './kubelet-fault.ts';
export { kubeletBehaviour, type KubeletBehaviour, type KubeletVersion } from './kubelet-versions.ts';
