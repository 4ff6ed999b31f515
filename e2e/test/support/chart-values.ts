/** Sets of values that between them switch everything on. */
export const chartVariants: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'the defaults': {},
  'all switches': {
    totalGpuMemory: 16000,
    image: { pullSecrets: ['registry'] },
    webhook: {
      controlPlane: true,
      namespaceSelector: { matchLabels: { team: 'a' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] },
      objectSelector: { matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] },
      podAnnotations: { note: 'x' },
    },
    devicePlugin: {
      capacity: { source: 'bitfusion', perNode: 'share', nodes: 3 },
      seLinuxOptions: { type: 'container_device_plugin_t' },
      tolerations: [{ operator: 'Exists' }],
    },
    podSecurityPolicy: { enabled: true },
    networkPolicy: { enabled: true, metricsFrom: [{ namespaceSelector: {} }] },
    monitoring: {
      serviceMonitor: { enabled: true },
      prometheusRule: { enabled: true },
      dashboard: { enabled: true },
    },
  },
  "cert-manager's certificates": { certManager: { enabled: true } },
  'three secrets, no copies': {
    token: { copies: false, secrets: { 'ca.crt': 'a', 'client.yaml': 'b', 'servers.conf': 'c' } },
    webhook: { resourceOffers: false },
    devicePlugin: { capacity: { source: 'bitfusion' } },
  },
  'no plugin, one replica, nothing removed': {
    webhook: { replicas: 1, priorityClassName: '' },
    devicePlugin: { enabled: false },
    uninstall: { removeCertificates: false, removeTokenCopies: false },
  },
};
