/** The annotations of a pod that are read or written, by what they decide (B1–B5). */
export const annotations: {
  readonly mode: 'auto-management/bitfusion';
  /** Written when a pod was mutated; never trusted when read (B5). */
  readonly status: 'auto-management/status';
  readonly os: 'bitfusion-client/os';
  readonly version: 'bitfusion-client/version';
  readonly filter: 'bitfusion-client/filter';
  readonly home: 'bitfusion-client/home';
  readonly containers: 'bitfusion-client/containers';
} = Object.freeze({
  mode: 'auto-management/bitfusion',
  status: 'auto-management/status',
  os: 'bitfusion-client/os',
  version: 'bitfusion-client/version',
  filter: 'bitfusion-client/filter',
  home: 'bitfusion-client/home',
  containers: 'bitfusion-client/containers',
});
