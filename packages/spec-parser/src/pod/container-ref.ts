/** Which container of the pod. */
export interface ContainerRef {
  readonly list: 'initContainers' | 'containers';
  readonly index: number;
  readonly name: string;
}
