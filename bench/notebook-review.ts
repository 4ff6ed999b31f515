/**
 * An AdmissionReview for the pod of a Kubeflow notebook, as its StatefulSet makes it and as an API server sends it:
 * the pod alone is 3.2 KB of JSON, with the defaults, the service account's volume and the labels that it has then.
 */
export function notebookReview(): string {
  const pod = notebookPod();
  return JSON.stringify({
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group: '', version: 'v1', kind: 'Pod' },
      resource: { group: '', version: 'v1', resource: 'pods' },
      requestKind: { group: '', version: 'v1', kind: 'Pod' },
      requestResource: { group: '', version: 'v1', resource: 'pods' },
      name: 'train-0',
      namespace: 'team-vision',
      operation: 'CREATE',
      userInfo: {
        username: 'system:serviceaccount:kube-system:statefulset-controller',
        uid: '9a2f6f2c-51ad-4d3b-a0ce-cfd8d2b5a3c1',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
      },
      object: pod,
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  });
}

export function notebookPod(): Record<string, unknown> {
  const probe = {
    initialDelaySeconds: 10,
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
  const variables = [
    'JUPYTER_PORT',
    'PYTHONUNBUFFERED',
    'TF_CPP_MIN_LOG_LEVEL',
    'MLFLOW_TRACKING_URI',
    'HF_HOME',
  ];
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name: 'train-0',
      generateName: 'train-',
      namespace: 'team-vision',
      creationTimestamp: null,
      labels: {
        app: 'train',
        'apps.kubernetes.io/pod-index': '0',
        'controller-revision-hash': 'train-6d5f7c9b8f',
        'notebook-name': 'train',
        statefulset: 'train',
        'statefulset.kubernetes.io/pod-name': 'train-0',
      },
      annotations: {
        'auto-management/bitfusion': 'all',
        'bitfusion-client/os': 'ubuntu20',
        'bitfusion-client/version': '450',
        'bitfusion-client/home': '/home/jovyan',
        'poddefault.admission.kubeflow.org/poddefault-access-ml-pipeline': '1289',
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          name: 'train',
          uid: '1bd6b1d6-6a55-4ac5-8f1f-1a9a7ab1b1bd',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      volumes: [
        { name: 'workspace', persistentVolumeClaim: { claimName: 'train-workspace' } },
        { name: 'dshm', emptyDir: { medium: 'Memory' } },
        {
          name: 'kube-api-access-x7k2p',
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
              {
                downwardAPI: {
                  items: [
                    { path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } },
                  ],
                },
              },
            ],
            defaultMode: 420,
          },
        },
      ],
      containers: [
        {
          name: 'train',
          image: 'kubeflownotebookswg/jupyter-tensorflow-full:v1.10.0',
          command: ['start-notebook.sh'],
          args: ['--NotebookApp.base_url=$(NB_PREFIX)', '--NotebookApp.allow_origin=*', '--ServerApp.token='],
          workingDir: '/home/jovyan',
          ports: [{ name: 'notebook-port', containerPort: 8888, protocol: 'TCP' }],
          env: [
            { name: 'NB_PREFIX', value: '/notebook/team-vision/train' },
            ...variables.map((name) => ({ name, value: `${name.toLowerCase()}-of-the-team` })),
          ],
          resources: {
            limits: {
              'bitfusion.io/gpu-amount': '1',
              'bitfusion.io/gpu-percent': '50',
              cpu: '2',
              memory: '8Gi',
            },
            requests: {
              'bitfusion.io/gpu-amount': '1',
              'bitfusion.io/gpu-percent': '50',
              cpu: '1',
              memory: '4Gi',
            },
          },
          volumeMounts: [
            { name: 'workspace', mountPath: '/home/jovyan' },
            { name: 'dshm', mountPath: '/dev/shm' },
            {
              name: 'kube-api-access-x7k2p',
              readOnly: true,
              mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
            },
          ],
          readinessProbe: {
            httpGet: { path: '/notebook/team-vision/train/api', port: 8888, scheme: 'HTTP' },
            ...probe,
          },
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default-editor',
      serviceAccount: 'default-editor',
      securityContext: { fsGroup: 100, runAsUser: 1000 },
      hostname: 'train-0',
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((condition) => ({
        key: `node.kubernetes.io/${condition}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
  };
}
