import type { ApiObject } from '../harness/index.ts';

/** A pod such as a notebook's StatefulSet makes it, with one container; about 2.5 KB once the API server has it. */
export const notebookPod: ApiObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    generateName: 'train-',
    labels: { app: 'train', 'notebook-name': 'train', statefulset: 'train' },
    annotations: {
      'auto-management/bitfusion': 'all',
      'bitfusion-client/os': 'ubuntu20',
      'bitfusion-client/version': '450',
      'bitfusion-client/home': '/home/jovyan',
    },
  },
  spec: {
    volumes: [
      { name: 'workspace', persistentVolumeClaim: { claimName: 'train-workspace' } },
      { name: 'dshm', emptyDir: { medium: 'Memory' } },
    ],
    containers: [
      {
        name: 'train',
        image: 'kubeflownotebookswg/jupyter-tensorflow-full:v1.10.0',
        command: ['start-notebook.sh'],
        args: ['--NotebookApp.base_url=$(NB_PREFIX)', '--NotebookApp.allow_origin=*'],
        workingDir: '/home/jovyan',
        ports: [{ name: 'notebook-port', containerPort: 8888, protocol: 'TCP' }],
        env: ['NB_PREFIX', 'JUPYTER_PORT', 'PYTHONUNBUFFERED', 'MLFLOW_TRACKING_URI', 'HF_HOME'].map(
          (name) => ({
            name,
            value: `${name.toLowerCase()}-of-the-team`,
          }),
        ),
        resources: {
          limits: {
            'bitfusion.io/gpu-amount': '1',
            'bitfusion.io/gpu-percent': '50',
            cpu: '2',
            memory: '8Gi',
          },
          requests: { cpu: '1', memory: '4Gi' },
        },
        volumeMounts: [
          { name: 'workspace', mountPath: '/home/jovyan' },
          { name: 'dshm', mountPath: '/dev/shm' },
        ],
        readinessProbe: { httpGet: { path: '/api', port: 8888 }, initialDelaySeconds: 10 },
      },
    ],
    securityContext: { fsGroup: 100, runAsUser: 1000 },
    hostname: 'train-0',
  },
};
